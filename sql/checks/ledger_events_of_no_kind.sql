-- ledger_events_of_no_kind: a ledger event is of a kind, a run and a target that have a name.
--
-- Grain:    one bad row per event.
-- Read by:  every commit, of the runs since its own; `Store.check`, of all.
-- Nulls:    none.

select
    numbers.run_id,
    told.cell,
    told.event
from packed.ledger_events as told
left join packed.run_numbers as numbers on told.run = numbers.id
left join packed.targets as targets on told.target = targets.id
where
    told.run >= getvariable('since')
    and (
        packed.event_of(told.event) is null
        or numbers.id is null
        or targets.id is null
    );
