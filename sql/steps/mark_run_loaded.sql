-- mark_run_loaded: the run's plan was loaded, as far as the target let it.
--
-- Binds:    moment, run id.
-- Frames:   none.

update packed.runs
set stage = 'loaded', loaded_at = ?
where run_id = ?;
