-- packed.remainders: what stood in no category option when the numbers of a place were planned.
--
-- Grain:    one row per target, run, program indicator, period and org unit of the source.
-- Read by:  the plan, which believes a lower number only where the remainder did not grow.
-- Nulls:    none.

create table if not exists packed.remainders (
    target_system_id varchar not null,
    run_id varchar not null,
    program_indicator varchar not null,
    period varchar not null,
    org_unit varchar not null,
    remainder double not null
);
