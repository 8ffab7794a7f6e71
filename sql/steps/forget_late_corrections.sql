-- forget_late_corrections: the run saw nothing first yet.
--
-- Binds:    run id.
-- Frames:   none.

delete from packed.late_corrections
where first_run = ?;
