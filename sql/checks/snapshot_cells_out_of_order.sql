-- snapshot_cells_out_of_order: a cell of the snapshot has one number, and the cells stand in their order.
--
-- Grain:    one bad row per cell that does not come after the one before it.
-- Read by:  every commit, of the runs since its own; `Store.check`, of all.
-- Nulls:    none.

with following as (
    select
        cell,
        lag(cell) over () as cell_before
    from packed.snapshot_values
)

select
    cell,
    cell_before
from following
where cell <= cell_before;
