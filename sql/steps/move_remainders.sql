-- move_remainders: what stands uncategorised in a moved target is known by its new name.
--
-- Binds:    target's new system id, its old one.
-- Frames:   none.

update packed.remainders
set target_system_id = ?
where target_system_id = ?;
