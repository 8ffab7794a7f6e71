-- late_corrections_open_twice: a cell of a target is late once at a time.
--
-- Grain:    one bad row per target and cell.
-- Read by:  every commit that changes one; `Store.check`.
-- Nulls:    none.

select
    target_system_id,
    cell
from packed.late_corrections
where resolved_by_run is null
group by target_system_id, cell
having count(*) > 1;
