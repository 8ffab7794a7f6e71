-- metadata.org_units: the org units of the target, each with the names of those above it.
--
-- Grain:    one row per org unit.
-- Read by:  the views that name org units.
-- Nulls:    what the target does not tell; closed_date of one that is open; levels below its own.
--
-- A publication adds level_2, level_3 and so on, as deep as the country is.

create table if not exists metadata.org_units (
    id varchar not null,
    code varchar,
    name varchar,
    path varchar,
    level integer,
    opening_date varchar,
    closed_date varchar,
    level_1 varchar
);
