-- forget_run: the list of runs does not have this run.
--
-- Binds:    run id.
-- Frames:   none.

delete from packed.runs
where run_id = ?;
