-- packed.comparisons: with what each run was compared, and how far apart still agrees.
--
-- Grain:    one row per run that was compared with manual numbers.
-- Read by:  discrepancies, manual_values, comparisons.
-- Nulls:    none.

create table if not exists packed.comparisons (
    run_id varchar not null,
    manual_source varchar not null,
    manual_read_at timestamp not null,
    tolerance double not null,
    tolerance_share double not null
);
