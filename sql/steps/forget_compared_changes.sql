-- forget_compared_changes: the log of comparisons has nothing of this run.
--
-- Binds:    run id.
-- Frames:   none.

delete from packed.compared_changes
where run = packed.run_number(?);
