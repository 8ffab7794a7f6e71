-- data_sets: the data sets of the target, as they were at publication.
--
-- Grain:    one row per data set.
-- Read by:  analysts.
-- Nulls:    what the server does not tell.

create or replace view data_sets as

select *
from metadata.data_sets;
