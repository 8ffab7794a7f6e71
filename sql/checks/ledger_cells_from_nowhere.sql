-- ledger_cells_from_nowhere: a cell of the ledger became ours in some run.
--
-- Grain:    one bad row per target and cell.
-- Read by:  every commit, of the runs since its own; `Store.check`, of all.
-- Nulls:    none.
--
-- A commit need not ask this: an entry and its event are written together.

select
    targets.system_id as target_system_id,
    entry.cell
from packed.ledger as entry
left join packed.targets as targets on entry.target = targets.id
anti join packed.ledger_events as told
    on entry.target = told.target and entry.cell = told.cell
where getvariable('since') = 0;
