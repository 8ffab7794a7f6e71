-- changes_of_no_run: every change was found by a run that is known.
--
-- Grain:    one bad row per run id.
-- Read by:  every commit, of the runs since its own; `Store.check`, of all.
-- Nulls:    none.

select distinct run_id
from packed.snapshot_changes
anti join packed.runs using (run_id)
where run_id >= getvariable('since');
