-- data_values: what tracker says now, with names.
--
-- Grain:    one row per cell of the aggregate form that tracker has a number for.
-- Read by:  analysts.
-- Nulls:    names that the target did not tell at publication.

create or replace view data_values as

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
from packed.snapshot_values as known
left join cells.periods as periods
    on packed.period_of(known.cell) = periods.id
left join cells.form_cells as form_cells
    on packed.form_cell_of(known.cell) = form_cells.id
left join cells.org_units as org_units
    on packed.org_unit_of(known.cell) = org_units.id;
