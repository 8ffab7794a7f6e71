-- move_late_corrections: what is late in a moved target is known by its new name.
--
-- Binds:    target's new system id, its old one.
-- Frames:   none.

update packed.late_corrections
set target_system_id = ?
where target_system_id = ?;
