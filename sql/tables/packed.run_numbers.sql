-- packed.run_numbers: the numbers by which changes and the ledger know runs.
--
-- Grain:    one row per run that changed anything here; a number stays what it is.
-- Read by:  everything that asks which run changed something, or when.
-- Nulls:    none.

create table if not exists packed.run_numbers (
    id uinteger not null,
    run_id varchar not null
);
