-- rewrite_compared_values: the compared values are those of this comparison.
--
-- Binds:    none.
-- Frames:   compared_cells (cell, tracker_value, manual_value).

create or replace table packed.compared_values as

select
    cell,
    tracker_value,
    manual_value
from compared_cells
order by cell;
