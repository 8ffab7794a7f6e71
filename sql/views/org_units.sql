-- org_units: the org units of the target, each with the names of those above it.
--
-- Grain:    one row per org unit.
-- Read by:  analysts.
-- Nulls:    what the server does not tell.

create or replace view org_units as

select *
from metadata.org_units;
