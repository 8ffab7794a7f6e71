-- packed.org_units: the number of every org unit that a cell was ever in.
--
-- Grain:    one row per org unit; rows are only ever added.
-- Read by:  everything that gives a packed cell its texts back.
-- Nulls:    none.

create table if not exists packed.org_units (
    id ubigint not null,
    org_unit varchar not null
);
