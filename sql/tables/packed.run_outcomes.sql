-- packed.run_outcomes: what became of the cells that a run set out to write.
--
-- Grain:    one row per run and outcome that has cells.
-- Read by:  `tally runs`; the run's report.
-- Nulls:    none.

create table if not exists packed.run_outcomes (
    run_id varchar not null,
    outcome varchar not null,
    cells bigint not null
);
