-- metadata.category_option_combos: the category option combos of the target, as they were at publication.
--
-- Grain:    one row per category option combo.
-- Read by:  the views that name option combos.
-- Nulls:    what the target does not tell.

create table if not exists metadata.category_option_combos (
    id varchar not null,
    code varchar,
    name varchar,
    category_combo varchar,
    category_options varchar[]
);
