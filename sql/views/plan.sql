-- plan: what the published run would do to each cell of the target, and why.
--
-- Grain:    one row per cell that the plan does not simply keep; run_actions counts all.
-- Read by:  analysts; the person who approves a load.
-- Nulls:    the sides that have no number; data_set of a cell in none; names not told; no decision.

create or replace view plan as

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
from run_files.plan as plan
left join metadata.data_sets as data_sets on plan.data_set = data_sets.id
left join metadata.data_elements as data_elements on plan.data_element = data_elements.id
left join cells.periods as periods on plan.period = periods.period
left join metadata.org_units as org_units on plan.org_unit = org_units.id
left join metadata.category_option_combos as category_option_combos
    on plan.category_option_combo = category_option_combos.id
left join metadata.category_option_combos as attribute_option_combos
    on plan.attribute_option_combo = attribute_option_combos.id;
