-- packed.cell_history: everything that ever happened in tracker to one cell.
--
-- Grain:    one row per run that found the cell changed, the oldest first.
-- Read by:  the same question in the published file.
-- Nulls:    old_value when the cell appeared, new_value when it vanished.

create or replace macro packed.cell_history(
    data_element, period, org_unit, category_option_combo, attribute_option_combo
) as table

with wanted as (
    select (periods.id << 48) | (form_cells.id << 28) | org_units.id as cell
    from packed.periods as periods
    cross join packed.form_cells as form_cells
    cross join packed.org_units as org_units
    where
        periods.period = period
        and org_units.org_unit = org_unit
        and form_cells.data_element = data_element
        and form_cells.category_option_combo = category_option_combo
        and form_cells.attribute_option_combo = attribute_option_combo
)

select
    run_id,
    started_at,
    old_value,
    new_value
from packed.snapshot_changes
inner join wanted using (cell)
inner join packed.run_numbers as numbers on snapshot_changes.run = numbers.id
inner join packed.runs using (run_id)
order by run_id;
