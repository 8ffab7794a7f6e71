-- ledger_events_of_no_kind: a ledger event is loaded, adopted, retracted or closed.
--
-- Grain:    one bad row per event.
-- Read by:  every commit, of the runs since its own; `Store.check`, of all.
-- Nulls:    none.

select
    run_id,
    cell,
    event
from packed.ledger_events
where
    run_id >= getvariable('since')
    and event not in ('loaded', 'adopted', 'retracted', 'closed');
