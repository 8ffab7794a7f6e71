-- data_set_elements: which data elements a data set asks for, with names.
--
-- Grain:    one row per data set and data element.
-- Read by:  analysts.
-- Nulls:    category_combo where the data set keeps the element's own; names not told.

create or replace view data_set_elements as

select
    asked.data_set,
    data_sets.name as data_set_name,
    asked.data_element,
    data_elements.name as data_element_name,
    asked.category_combo
from metadata.data_set_elements as asked
left join metadata.data_sets as data_sets on asked.data_set = data_sets.id
left join metadata.data_elements as data_elements on asked.data_element = data_elements.id;
