-- late_corrections: what tracker changed after the period closed, with names.
--
-- Grain:    one row per target and cell and time that it was late.
-- Read by:  analysts; whoever may open a period again.
-- Nulls:    tracker_value where tracker counts nothing any more; current_value where the target
--           holds nothing; resolved_by_run and resolved_at until it is resolved; names not told.

create or replace view late_corrections as

select
    late.target_system_id,
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
    late.tracker_value,
    late.current_value,
    late.wanted_action,
    late.reason_id,
    late.first_run,
    late.first_seen_at,
    late.last_run,
    late.resolved_by_run,
    late.resolved_at,
    org_units.* exclude (id, org_unit, org_unit_name)
from packed.late_corrections as late
left join cells.periods as periods
    on packed.period_of(late.cell) = periods.id
left join cells.form_cells as form_cells
    on packed.form_cell_of(late.cell) = form_cells.id
left join cells.org_units as org_units
    on packed.org_unit_of(late.cell) = org_units.id;
