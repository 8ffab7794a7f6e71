-- cells.form_cells: the form cells of packed cells, with their names.
--
-- Grain:    one row per number of a form cell.
-- Read by:  every view that gives a packed cell its texts back.
-- Nulls:    names that the target did not tell at publication.

create or replace view cells.form_cells as

select
    form_cells.id,
    form_cells.data_element,
    data_elements.name as data_element_name,
    form_cells.category_option_combo,
    category_option_combos.name as category_option_combo_name,
    form_cells.attribute_option_combo,
    attribute_option_combos.name as attribute_option_combo_name
from packed.form_cells as form_cells
left join metadata.data_elements as data_elements
    on form_cells.data_element = data_elements.id
left join metadata.category_option_combos as category_option_combos
    on form_cells.category_option_combo = category_option_combos.id
left join metadata.category_option_combos as attribute_option_combos
    on form_cells.attribute_option_combo = attribute_option_combos.id;
