-- rewind_snapshot: the snapshot is what it was when an earlier run had committed its own.
--
-- Binds:    run id of the earlier run, or '' for the beginning.
-- Frames:   none.

create or replace table packed.snapshot_values as

select
    cell,
    value
from packed.state_at(?)
order by cell;
