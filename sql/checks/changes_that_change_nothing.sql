-- changes_that_change_nothing: a change has another number after it than before it.
--
-- Grain:    one bad row per run and cell.
-- Read by:  every commit, of the runs since its own; `Store.check`, of all.
-- Nulls:    a side without a number.

select
    run,
    cell,
    old_value
from packed.snapshot_changes
where run >= getvariable('since') and old_value is not distinct from new_value;
