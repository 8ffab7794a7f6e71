-- run_files.remainders: the totals of the published run that its cells do not explain.
--
-- Grain:    one row per program indicator, period and org unit of the source.
-- Read by:  the view remainders.
-- Nulls:    total where the server gave none although cells were counted.

create table if not exists run_files.remainders (
    program_indicator varchar,
    period varchar,
    org_unit varchar,
    total double,
    categorised double
);
