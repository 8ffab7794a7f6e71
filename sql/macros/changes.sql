-- changes: what differs between tracker's state at one run and at a later one.
--
-- Grain:    one row per cell that differs.
-- Read by:  analysts, who compare two moments.
-- Nulls:    old_value of a cell that had no number then, new_value of one that has none later.

create or replace macro changes(earlier_run, later_run) as table

select
    form_cells.data_element,
    form_cells.data_element_name,
    periods.period,
    periods.period_start,
    periods.period_end,
    org_units.org_unit,
    org_units.org_unit_name,
    form_cells.category_option_combo,
    form_cells.category_option_combo_name,
    form_cells.attribute_option_combo,
    form_cells.attribute_option_combo_name,
    found.old_value,
    found.new_value,
    org_units.* exclude (id, org_unit, org_unit_name)
from packed.changes_between(earlier_run, later_run) as found
left join cells.periods as periods
    on packed.period_of(found.cell) = periods.id
left join cells.form_cells as form_cells
    on packed.form_cell_of(found.cell) = form_cells.id
left join cells.org_units as org_units
    on packed.org_unit_of(found.cell) = org_units.id;
