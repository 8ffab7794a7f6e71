-- snapshot_cells_from_nowhere: a cell of the snapshot appeared in some run.
--
-- Grain:    one bad row per cell.
-- Read by:  every commit, of the runs since its own; `Store.check`, of all.
-- Nulls:    none.
--
-- A commit need not ask this: it only puts what it changes into the snapshot.

select cell
from packed.snapshot_values
anti join packed.snapshot_changes using (cell)
where getvariable('since') = 0;
