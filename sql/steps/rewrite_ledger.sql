-- rewrite_ledger: what was open is open but for cells that end, and so is what opens now.
--
-- Binds:    target's system id, run id, moment.
-- Frames:   opened_cells (cell, value, event), closed_cells (cell, event).
--
-- Entries lie in the order of their cells. To delete some among a million, and to add others at
-- the end, would cost as much, and leave a file that is slow to copy.

create or replace table packed.ledger as

with ended as (
    select cell
    from closed_cells
    union all
    select cell
    from opened_cells
)

select
    target,
    cell,
    value,
    run,
    loaded_at
from packed.ledger
where not (target = packed.target_number($1) and cell in (select cell from ended))
union all
select
    packed.target_number($1)::usmallint as target,
    cell,
    value,
    packed.run_number($2)::uinteger as run,
    $3::timestamp as loaded_at
from opened_cells
order by target, cell;
