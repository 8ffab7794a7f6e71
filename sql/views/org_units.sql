-- org_units: the org units of the target, each with the names of those above it.
--
-- Grain:    one row per org unit.
-- Read by:  analysts.
-- Nulls:    what the server does not tell; days of another calendar.

create or replace view org_units as

select
    * replace (
        try_cast(opening_date as date) as opening_date,
        try_cast(closed_date as date) as closed_date
    )
from metadata.org_units;
