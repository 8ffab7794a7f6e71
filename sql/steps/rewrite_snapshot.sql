-- rewrite_snapshot: the snapshot is what is known after this run.
--
-- Binds:    none.
-- Frames:   known_after (cell, value), in the order of cells.

create or replace table packed.snapshot_values as

select
    cell,
    value
from known_after;
