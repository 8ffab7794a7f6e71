-- ledger_cells_open_twice: a cell of a target is open in the ledger once.
--
-- Grain:    one bad row per target and cell.
-- Read by:  every commit, of the runs since its own; `Store.check`, of all.
-- Nulls:    none.

with beside as (
    select
        target,
        cell,
        lag(target) over () as target_before,
        lag(cell) over () as cell_before
    from packed.ledger
),

-- A commit leaves the entries in their order, and then no cell can be there twice.
disorder as (
    select 1 as found
    from beside
    where (target = target_before and cell <= cell_before) or target < target_before
    limit 1
)

select
    targets.system_id as target_system_id,
    cell
from packed.ledger as entry
left join packed.targets as targets on entry.target = targets.id
where exists (from disorder)
group by targets.system_id, cell
having count(*) > 1;
