-- mark_run_planned: the run has a plan.
--
-- Binds:    moment, run id.
-- Frames:   none.

update packed.runs
set stage = 'planned', planned_at = ?
where run_id = ?;
