-- changes_twice: a run finds a cell changed once.
--
-- Grain:    one bad row per run and cell that changed more than once.
-- Read by:  every commit; `Store.check`.
-- Nulls:    none.

select
    run_id,
    cell
from packed.snapshot_changes
group by run_id, cell
having count(*) > 1;
