-- ledger: the cells of the target that we wrote and read back, with names.
--
-- Grain:    one row per target and cell that is ours.
-- Read by:  analysts; whoever asks which numbers a person did not type.
-- Nulls:    names that the target did not tell at publication.

create or replace view ledger as

select
    targets.system_id as target_system_id,
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
    entry.value,
    numbers.run_id as loaded_by_run,
    entry.loaded_at,
    org_units.* exclude (id, org_unit, org_unit_name)
from packed.ledger as entry
left join packed.targets as targets on entry.target = targets.id
left join packed.run_numbers as numbers on entry.run = numbers.id
left join cells.periods as periods
    on packed.period_of(entry.cell) = periods.id
left join cells.form_cells as form_cells
    on packed.form_cell_of(entry.cell) = form_cells.id
left join cells.org_units as org_units
    on packed.org_unit_of(entry.cell) = org_units.id;
