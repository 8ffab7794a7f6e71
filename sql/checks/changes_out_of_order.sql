-- changes_out_of_order: a run finds a cell changed once, and its changes stand in the order of cells.
--
-- Grain:    one bad row per change that does not come after the one before it.
-- Read by:  every commit, of the runs since its own; `Store.check`, of all.
-- Nulls:    none.

with following as (
    select
        run_id,
        cell,
        lag(run_id) over () as run_before,
        lag(cell) over () as cell_before
    from packed.snapshot_changes
    where run_id >= getvariable('since')
)

select
    run_id,
    cell
from following
where run_id < run_before or (run_id = run_before and cell <= cell_before);
