-- comparisons_of_no_run: every comparison belongs to a run that is known, and every change to one.
--
-- Grain:    one bad row per run id.
-- Read by:  every commit, of the runs since its own; `Store.check`, of all.
-- Nulls:    none.

select run_id
from packed.comparisons
anti join packed.runs using (run_id)
where run_id >= getvariable('since')
union
select run_id
from packed.compared_changes
anti join packed.comparisons using (run_id)
where run_id >= getvariable('since');
