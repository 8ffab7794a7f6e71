-- packed.org_unit_of: the number of a cell's org unit.
--
-- Grain:    one number per cell.
-- Read by:  views that give a packed cell its texts back; steps that ask for an image.
-- Nulls:    of a null cell only.

create or replace macro packed.org_unit_of(cell) as cell & 268435455;
