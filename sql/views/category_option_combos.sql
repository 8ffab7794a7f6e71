-- category_option_combos: the category option combos of the target, as they were at publication.
--
-- Grain:    one row per category option combo.
-- Read by:  analysts.
-- Nulls:    what the server does not tell.

create or replace view category_option_combos as

select *
from metadata.category_option_combos;
