-- packed.late_corrections: what tracker changed after the period closed, from first sight to its end.
--
-- Grain:    one row per target and cell and time that it was late.
-- Read by:  the view late_corrections; the plan.
-- Nulls:    tracker_value where tracker counts nothing any more; current_value where the target
--           holds nothing; resolved_by_run and resolved_at until it is resolved.

create table if not exists packed.late_corrections (
    target_system_id varchar not null,
    cell ubigint not null,
    first_run varchar not null,
    first_seen_at timestamp not null,
    last_run varchar not null,
    tracker_value double,
    current_value varchar,
    wanted_action varchar not null,
    reason_id varchar not null,
    resolved_by_run varchar,
    resolved_at timestamp
);
