-- move_entries: what is ours in a moved target is known by its new name.
--
-- Binds:    target's new system id, its old one.
-- Frames:   none.

update packed.ledger
set target = packed.target_number(?)
where target = packed.target_number(?);
