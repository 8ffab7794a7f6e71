-- state_at: what tracker said when a run had committed its snapshot, with names.
--
-- Grain:    one row per cell that had a number then.
-- Read by:  analysts, who ask what we knew on a day.
-- Nulls:    names that the target did not tell at publication.

create or replace macro state_at(run) as table

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
    known.value,
    org_units.* exclude (id, org_unit, org_unit_name)
from packed.state_at(run) as known
left join cells.periods as periods
    on packed.period_of(known.cell) = periods.id
left join cells.form_cells as form_cells
    on packed.form_cell_of(known.cell) = form_cells.id
left join cells.org_units as org_units
    on packed.org_unit_of(known.cell) = org_units.id;
