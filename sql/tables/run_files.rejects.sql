-- run_files.rejects: the rows of the published run that did not become values.
--
-- Grain:    one row per row that was handed back.
-- Read by:  the view rejects.
-- Nulls:    what the row did not have.

create table if not exists run_files.rejects (
    rule_id varchar,
    reason varchar,
    program_indicator varchar,
    category_options varchar,
    period varchar,
    org_unit varchar,
    value varchar
);
