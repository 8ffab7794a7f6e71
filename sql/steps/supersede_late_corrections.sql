-- supersede_late_corrections: what was late under the new name of a moved target is told anew.
--
-- Binds:    run id, moment, target's new system id.
-- Frames:   none.
--
-- The run's plan told the same under the old name, and no cell may be late twice.

update packed.late_corrections
set resolved_by_run = ?, resolved_at = ?
where target_system_id = ? and resolved_by_run is null;
