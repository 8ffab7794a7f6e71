-- count_nameless_cells: how many cells to be opened have a part that no dictionary knows.
--
-- Binds:    none.
-- Frames:   opened_cells (cell, value, event).

select count(*) as cells
from opened_cells
where
    packed.period_of(cell) not in (select id from packed.periods)
    or packed.form_cell_of(cell) not in (select id from packed.form_cells)
    or packed.org_unit_of(cell) not in (select id from packed.org_units);
