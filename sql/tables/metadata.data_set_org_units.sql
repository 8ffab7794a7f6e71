-- metadata.data_set_org_units: which org units report a data set.
--
-- Grain:    one row per data set and org unit.
-- Read by:  the view of the same name.
-- Nulls:    none.

create table if not exists metadata.data_set_org_units (
    data_set varchar not null,
    org_unit varchar not null
);
