-- plan: what the published run would do to each cell of the target, and why.
--
-- Grain:    one row per cell that the plan does not simply keep; run_actions counts all.
-- Read by:  analysts; the person who approves a load.
-- Nulls:    the sides that have no number; data_set of a cell in none; names not told; no decision.

create or replace view plan as

with planned as (
    select
        data_set,
        data_element,
        period,
        org_unit,
        category_option_combo,
        attribute_option_combo,
        tracker_value,
        current_value,
        ledger_value,
        action,
        wanted_action,
        reason_id,
        reason,
        decision,
        decided_in,
        decided_by,
        decided_why
    from run_files.plan
    union all by name
    select
        fresh.data_set,
        form_cells.data_element,
        periods.period,
        org_units.org_unit,
        form_cells.category_option_combo,
        form_cells.attribute_option_combo,
        fresh.value as tracker_value,
        'create' as action,
        'create' as wanted_action,
        'new' as reason_id,
        fresh.reason
    from run_files.new_values as fresh
    left join packed.periods as periods
        on packed.period_of(fresh.cell) = periods.id
    left join packed.form_cells as form_cells
        on packed.form_cell_of(fresh.cell) = form_cells.id
    left join packed.org_units as org_units
        on packed.org_unit_of(fresh.cell) = org_units.id
)

select
    plan.data_set,
    data_sets.name as data_set_name,
    plan.data_element,
    data_elements.name as data_element_name,
    plan.period,
    periods.period_start,
    periods.period_end,
    plan.org_unit,
    org_units.name as org_unit_name,
    plan.category_option_combo,
    category_option_combos.name as category_option_combo_name,
    plan.attribute_option_combo,
    attribute_option_combos.name as attribute_option_combo_name,
    plan.tracker_value,
    plan.current_value,
    plan.ledger_value,
    plan.action,
    plan.wanted_action,
    plan.reason_id,
    plan.reason,
    plan.decision,
    plan.decided_in,
    plan.decided_by,
    plan.decided_why,
    org_units.* exclude (id, code, name, path, level, opening_date, closed_date)
from planned as plan
left join metadata.data_sets as data_sets on plan.data_set = data_sets.id
left join metadata.data_elements as data_elements on plan.data_element = data_elements.id
left join cells.periods as periods on plan.period = periods.period
left join metadata.org_units as org_units on plan.org_unit = org_units.id
left join metadata.category_option_combos as category_option_combos
    on plan.category_option_combo = category_option_combos.id
left join metadata.category_option_combos as attribute_option_combos
    on plan.attribute_option_combo = attribute_option_combos.id;
