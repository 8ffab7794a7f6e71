-- packed.form_cells: the number of every cell of the forms, whatever the period and the org unit.
--
-- Grain:    one row per data element and its two option combos; rows are only ever added.
-- Read by:  everything that gives a packed cell its texts back.
-- Nulls:    none.

create table if not exists packed.form_cells (
    id ubigint not null,
    data_element varchar not null,
    category_option_combo varchar not null,
    attribute_option_combo varchar not null
);
