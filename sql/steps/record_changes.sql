-- record_changes: the change log has what this run found changed.
--
-- Binds:    run id.
-- Frames:   found_changes (cell, old_value, new_value), in the order of cells.

insert into packed.snapshot_changes

select
    packed.run_number(?) as run,
    cell,
    old_value,
    new_value
from found_changes;
