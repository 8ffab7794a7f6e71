-- packed.ledger: what we wrote into a target and read back there; the proof that a cell is ours.
--
-- Grain:    one row per target and cell that is ours.
-- Read by:  the plan.
-- Nulls:    none.

create table if not exists packed.ledger (
    target usmallint not null,
    cell ubigint not null,
    value double not null,
    run uinteger not null,
    loaded_at timestamp not null
);
