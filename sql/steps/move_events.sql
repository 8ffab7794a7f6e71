-- move_events: how cells of a moved target became ours is known by its new name.
--
-- Binds:    target's new system id, its old one.
-- Frames:   none.

update packed.ledger_events
set target = packed.target_number(?)
where target = packed.target_number(?);
