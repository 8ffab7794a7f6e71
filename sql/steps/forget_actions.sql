-- forget_actions: no action of this run is counted.
--
-- Binds:    run id.
-- Frames:   none.

delete from packed.run_actions
where run_id = ?;
