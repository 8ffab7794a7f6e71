-- packed.targets: the numbers by which the ledger knows its targets.
--
-- Grain:    one row per target that anything was loaded into; a number stays what it is.
-- Read by:  the ledger and its views.
-- Nulls:    none.

create table if not exists packed.targets (
    id usmallint not null,
    system_id varchar not null
);
