-- add_form_cells: the dictionary knows every form cell of the run.
--
-- Binds:    none.
-- Frames:   new_form_cells (id, data_element, category_option_combo, attribute_option_combo).

insert into packed.form_cells

select
    id,
    data_element,
    category_option_combo,
    attribute_option_combo
from new_form_cells
anti join packed.form_cells using (id, data_element, category_option_combo, attribute_option_combo)
order by id;
