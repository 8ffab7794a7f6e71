-- rewrite_ledger: of a target those entries stand that are given, and of others the same as before.
--
-- Binds:    target (its number).
-- Frames:   entries_after (cell, value, run, loaded_at), in the order of cells.
--
-- The table keeps the order of targets and cells. To delete some entries among a million, and to
-- add others at the end, would cost as much, and leave a file that is slow to copy.

create or replace table packed.ledger as

select *
from packed.ledger
where target < $1
union all
select
    $1::usmallint as target,
    cell,
    value,
    run,
    loaded_at
from entries_after
union all
select *
from packed.ledger
where target > $1;
