-- packed.period_of: the number of a cell's period.
--
-- Grain:    one number per cell.
-- Read by:  views that give a packed cell its texts back; steps that ask for an image.
-- Nulls:    of a null cell only.

create or replace macro packed.period_of(cell) as cell >> 48;
