-- ledger_cells_open_twice: a cell of a target is open in the ledger once.
--
-- Grain:    one bad row per target and cell.
-- Read by:  every commit; `Store.check`.
-- Nulls:    none.

select
    target_system_id,
    cell,
    count(*) as entries
from packed.ledger
group by target_system_id, cell
having count(*) > 1;
