-- packed.store_version: the version of the shape of these tables.
--
-- Grain:    one row.
-- Read by:  every opening of a store; `restore`.
-- Nulls:    none.

create table if not exists packed.store_version (
    version integer not null
);
