-- number_ledger_events: the ledger's events of a store of version 1 are kept in numbers.
--
-- Binds:    none.
-- Frames:   ledger_events_in_words, as version 1 had the table, with the place of each row.

insert into packed.ledger_events

select
    numbers.id as run,
    targets.id as target,
    told.cell,
    packed.event_number(told.event) as event,
    told.value,
    told.happened_at
from ledger_events_in_words as told
inner join packed.targets as targets on told.target_system_id = targets.system_id
inner join packed.run_numbers as numbers on told.run_id = numbers.run_id
order by told.place;
