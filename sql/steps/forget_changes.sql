-- forget_changes: the change log has nothing of this run.
--
-- Binds:    run id.
-- Frames:   none.

delete from packed.snapshot_changes
where run = packed.run_number(?);
