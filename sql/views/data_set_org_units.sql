-- data_set_org_units: which org units report a data set, with names.
--
-- Grain:    one row per data set and org unit.
-- Read by:  analysts.
-- Nulls:    names that the target did not tell at publication.

create or replace view data_set_org_units as

select
    assigned.data_set,
    data_sets.name as data_set_name,
    assigned.org_unit,
    org_units.name as org_unit_name,
    org_units.* exclude (id, code, name, path, level, opening_date, closed_date)
from metadata.data_set_org_units as assigned
left join metadata.data_sets as data_sets on assigned.data_set = data_sets.id
left join metadata.org_units as org_units on assigned.org_unit = org_units.id;
