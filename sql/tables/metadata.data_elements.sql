-- metadata.data_elements: the data elements of the target, as they were at publication.
--
-- Grain:    one row per data element.
-- Read by:  the views that name data elements.
-- Nulls:    what the target does not tell; option_set of an element that takes any text.

create table if not exists metadata.data_elements (
    id varchar not null,
    code varchar,
    name varchar,
    value_type varchar,
    aggregation_type varchar,
    zero_is_significant boolean,
    category_combo varchar,
    option_set varchar
);
