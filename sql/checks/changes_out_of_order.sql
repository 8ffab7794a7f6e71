-- changes_out_of_order: a run finds a cell changed once, and its changes stand in the order of cells.
--
-- Grain:    one bad row per change that does not come after the one before it.
-- Read by:  every commit, of the runs since its own; `Store.check`, of all.
-- Nulls:    none.

with following as (
    select
        run,
        cell,
        lag(run) over () as run_before,
        lag(cell) over () as cell_before
    from packed.snapshot_changes
    where run >= getvariable('since')
)

select
    run,
    cell
from following
where run < run_before or (run = run_before and cell <= cell_before);
