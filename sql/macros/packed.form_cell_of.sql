-- packed.form_cell_of: the number of a cell's place on the form.
--
-- Grain:    one number per cell.
-- Read by:  views that give a packed cell its texts back; steps that ask for an image.
-- Nulls:    of a null cell only.

create or replace macro packed.form_cell_of(cell) as (cell >> 28) & 1048575;
