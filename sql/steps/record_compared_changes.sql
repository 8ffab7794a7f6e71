-- record_compared_changes: the log has what this comparison found changed.
--
-- Binds:    run id.
-- Frames:   compared_cells (cell, tracker_value, manual_value).

insert into packed.compared_changes

select
    packed.run_number(?) as run,
    cell,
    known.tracker_value as old_tracker_value,
    compared.tracker_value as new_tracker_value,
    known.manual_value as old_manual_value,
    compared.manual_value as new_manual_value
from packed.compared_values as known
full join compared_cells as compared using (cell)
where
    known.tracker_value is distinct from compared.tracker_value
    or known.manual_value is distinct from compared.manual_value
order by cell;
