-- forget_comparison: the list of comparisons does not have this run.
--
-- Binds:    run id.
-- Frames:   none.

delete from packed.comparisons
where run_id = ?;
