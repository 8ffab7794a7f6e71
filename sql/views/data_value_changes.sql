-- data_value_changes: what each run found changed in tracker, with names.
--
-- Grain:    one row per run and cell that changed.
-- Read by:  analysts, who ask why a total moved.
-- Nulls:    old_value of a cell that appeared, new_value of one that vanished; names not told.

create or replace view data_value_changes as

select
    numbers.run_id,
    runs.started_at,
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
    case
        when found.old_value is null then 'appeared'
        when found.new_value is null then 'vanished'
        else 'changed'
    end as change,
    found.old_value,
    found.new_value,
    org_units.* exclude (id, org_unit, org_unit_name)
from packed.snapshot_changes as found
left join packed.run_numbers as numbers on found.run = numbers.id
left join packed.runs as runs on numbers.run_id = runs.run_id
left join cells.periods as periods
    on packed.period_of(found.cell) = periods.id
left join cells.form_cells as form_cells
    on packed.form_cell_of(found.cell) = form_cells.id
left join cells.org_units as org_units
    on packed.org_unit_of(found.cell) = org_units.id;
