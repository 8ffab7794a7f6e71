-- data_elements: the data elements of the target, as they were at publication.
--
-- Grain:    one row per data element.
-- Read by:  analysts.
-- Nulls:    what the server does not tell.

create or replace view data_elements as

select *
from metadata.data_elements;
