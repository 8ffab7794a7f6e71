-- packed.run_numbers: the numbers by which the ledger knows runs.
--
-- Grain:    one row per run that changed the ledger; a number stays what it is.
-- Read by:  the ledger and its views.
-- Nulls:    none.

create table if not exists packed.run_numbers (
    id uinteger not null,
    run_id varchar not null
);
