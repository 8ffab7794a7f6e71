-- reopen_late_corrections: the run resolved nothing yet.
--
-- Binds:    run id.
-- Frames:   none.

update packed.late_corrections
set resolved_by_run = null, resolved_at = null
where resolved_by_run = ?;
