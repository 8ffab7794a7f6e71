-- metadata.data_set_elements: which data elements a data set asks for.
--
-- Grain:    one row per data set and data element.
-- Read by:  the view of the same name.
-- Nulls:    category_combo where the data set keeps the element's own.

create table if not exists metadata.data_set_elements (
    data_set varchar not null,
    data_element varchar not null,
    category_combo varchar
);
