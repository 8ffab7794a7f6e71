-- run_files.new_values: the values that the plan of the published run creates as tracker has them.
--
-- Grain:    one row per cell where the target held nothing and nothing was to be decided.
-- Read by:  the view plan.
-- Nulls:    none.

create table if not exists run_files.new_values (
    cell ubigint not null,
    value double not null,
    data_set varchar not null,
    reason varchar not null
);
