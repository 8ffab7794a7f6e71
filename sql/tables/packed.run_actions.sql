-- packed.run_actions: how many cells each action of a run's plan has.
--
-- Grain:    one row per run and action that has cells.
-- Read by:  `tally runs`; the run's report.
-- Nulls:    none.

create table if not exists packed.run_actions (
    run_id varchar not null,
    action varchar not null,
    cells bigint not null
);
