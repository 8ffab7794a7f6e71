-- runs_twice: a run commits once.
--
-- Grain:    one bad row per run id.
-- Read by:  every commit; `Store.check`.
-- Nulls:    none.

select
    run_id,
    count(*) as commits
from packed.runs
group by run_id
having count(*) > 1;
