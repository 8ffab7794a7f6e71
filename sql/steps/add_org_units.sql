-- add_org_units: the dictionary knows every org unit of the run.
--
-- Binds:    none.
-- Frames:   new_org_units (id, org_unit).

insert into packed.org_units

select
    id,
    org_unit
from new_org_units
anti join packed.org_units using (id, org_unit)
order by id;
