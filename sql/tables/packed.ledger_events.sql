-- packed.ledger_events: how each cell became ours, and how it ceased to be.
--
-- Grain:    one row per run, target, cell and event; rows are only ever added. A target that was
--           moved gets its new system id in all of them.
-- Read by:  ledger_events; the check that the ledger is the sum of its events.
-- Nulls:    none; an event that ends an entry has the number the entry had.

create table if not exists packed.ledger_events (
    run uinteger not null,
    target usmallint not null,
    cell ubigint not null,
    event utinyint not null,
    value double not null,
    happened_at timestamp not null
);
