-- discrepancies_at: tracker and paper side by side, as a run was compared.
--
-- Grain:    one row per cell that either side reported; none for a run that was not compared.
-- Read by:  discrepancies; analysts, who ask whether the two have come closer.
-- Nulls:    a side that said nothing is null, never zero; names that the target did not tell.

create or replace macro discrepancies_at(run) as table

with comparison as (
    select *
    from packed.comparisons
    where run_id = run
)

select
    comparison.run_id,
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
    compared.tracker_value,
    compared.manual_value,
    round(compared.tracker_value - compared.manual_value, 10) as difference,
    packed.agreement_of(
        compared.tracker_value,
        compared.manual_value,
        comparison.tolerance,
        comparison.tolerance_share
    ) as agreement,
    org_units.* exclude (id, org_unit, org_unit_name)
from packed.compared_at(run) as compared
cross join comparison
left join cells.periods as periods
    on packed.period_of(compared.cell) = periods.id
left join cells.form_cells as form_cells
    on packed.form_cell_of(compared.cell) = form_cells.id
left join cells.org_units as org_units
    on packed.org_unit_of(compared.cell) = org_units.id;
