-- run_files.plan: the plan of the published run.
--
-- Grain:    one row per cell that the plan does not simply keep; run_actions counts all.
-- Read by:  the view plan.
-- Nulls:    the sides that have no number; data_set of a cell in none; no decision was needed.

create table if not exists run_files.plan (
    data_set varchar,
    data_element varchar,
    period varchar,
    org_unit varchar,
    category_option_combo varchar,
    attribute_option_combo varchar,
    tracker_value double,
    current_value varchar,
    ledger_value double,
    action varchar,
    wanted_action varchar,
    reason_id varchar,
    reason varchar,
    decision varchar,
    decided_in varchar,
    decided_by varchar,
    decided_why varchar
);
