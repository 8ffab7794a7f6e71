-- packed.runs: what went into each run, and how far it came.
--
-- Grain:    one row per run that committed a snapshot.
-- Read by:  `tally runs`; guards, against the run before; every question about a moment.
-- Nulls:    planned_at and loaded_at until then; the periods of a run that kept no value.

create table if not exists packed.runs (
    run_id varchar not null,
    transfer varchar not null,
    started_at timestamp not null,
    mapping_hash varchar not null,
    config_hash varchar not null,
    source_system_id varchar not null,
    target_system_id varchar not null,
    rows bigint not null,
    accepted bigint not null,
    rejects bigint not null,
    values bigint not null,
    first_period varchar,
    last_period varchar,
    tally_version varchar not null,
    stage varchar not null,
    planned_at timestamp,
    loaded_at timestamp
);
