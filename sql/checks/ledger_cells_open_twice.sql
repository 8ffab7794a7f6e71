-- ledger_cells_open_twice: a cell of a target is open in the ledger once.
--
-- Grain:    one bad row per target and cell.
-- Read by:  every commit, of the runs since its own; `Store.check`, of all.
-- Nulls:    none.

with touched as (
    select
        target_system_id,
        cell
    from packed.ledger_events
    where run_id >= getvariable('since')
)

select
    target_system_id,
    cell
from packed.ledger
semi join touched using (target_system_id, cell)
group by target_system_id, cell
having count(*) > 1;
