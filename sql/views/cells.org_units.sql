-- cells.org_units: the org units of packed cells, with their names and those above them.
--
-- Grain:    one row per number of an org unit.
-- Read by:  every view that gives a packed cell its texts back.
-- Nulls:    names that the target did not tell at publication.

create or replace view cells.org_units as

select
    numbers.id,
    numbers.org_unit,
    org_units.name as org_unit_name,
    org_units.* exclude (id, code, name, path, level, opening_date, closed_date)
from packed.org_units as numbers
left join metadata.org_units as org_units on numbers.org_unit = org_units.id;
