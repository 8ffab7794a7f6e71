-- ledger_cells_from_nowhere: a cell of the ledger became ours in some run.
--
-- Grain:    one bad row per target and cell.
-- Read by:  every commit, of the runs since its own; `Store.check`, of all.
-- Nulls:    none.
--
-- A commit need not ask this: an entry and its event are written together.

select
    target_system_id,
    cell
from packed.ledger
anti join packed.ledger_events using (target_system_id, cell)
where getvariable('since') = '';
