-- snapshot_cells_twice: a cell of the snapshot has one number.
--
-- Grain:    one bad row per cell that has several.
-- Read by:  every commit; `Store.check`.
-- Nulls:    none.

select
    cell,
    count(*) as numbers
from packed.snapshot_values
group by cell
having count(*) > 1;
