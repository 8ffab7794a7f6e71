-- forget_outcomes: no outcome of this run is counted.
--
-- Binds:    run id.
-- Frames:   none.

delete from packed.run_outcomes
where run_id = ?;
