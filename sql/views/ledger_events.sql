-- ledger_events: how each cell of the target became ours, and how it ceased to be.
--
-- Grain:    one row per run, target, cell and event.
-- Read by:  analysts; auditors.
-- Nulls:    names that the target did not tell at publication.

create or replace view ledger_events as

select
    numbers.run_id,
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
    packed.event_of(told.event) as event,
    told.value,
    told.happened_at,
    org_units.* exclude (id, org_unit, org_unit_name)
from packed.ledger_events as told
left join packed.run_numbers as numbers on told.run = numbers.id
left join packed.targets as targets on told.target = targets.id
left join cells.periods as periods
    on packed.period_of(told.cell) = periods.id
left join cells.form_cells as form_cells
    on packed.form_cell_of(told.cell) = form_cells.id
left join cells.org_units as org_units
    on packed.org_unit_of(told.cell) = org_units.id;
