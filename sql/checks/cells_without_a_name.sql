-- cells_without_a_name: the dictionaries know every cell that was ever met.
--
-- Grain:    one bad row per cell.
-- Read by:  every commit; `Store.check`.
-- Nulls:    none.

with cells as (
    select distinct cell
    from packed.snapshot_changes
    union
    select distinct cell
    from packed.ledger_events
)

select cell
from cells
where
    packed.period_of(cell) not in (select id from packed.periods)
    or packed.form_cell_of(cell) not in (select id from packed.form_cells)
    or packed.org_unit_of(cell) not in (select id from packed.org_units);
