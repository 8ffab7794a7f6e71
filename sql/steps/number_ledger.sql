-- number_ledger: the ledger of a store of version 1 is kept in numbers.
--
-- Binds:    none.
-- Frames:   ledger_in_words, ledger_events_in_words: the two tables of version 1, of which the
--           second has the place of each row.

insert into packed.targets

select
    row_number() over (order by min(happened_at), target_system_id) as id,
    target_system_id as system_id
from ledger_events_in_words
group by target_system_id;

insert into packed.run_numbers

select
    row_number() over (order by run_id) as id,
    run_id
from ledger_events_in_words
group by run_id;

insert into packed.ledger

select
    targets.id as target,
    entry.cell,
    entry.value,
    numbers.id as run,
    entry.loaded_at
from ledger_in_words as entry
inner join packed.targets as targets on entry.target_system_id = targets.system_id
inner join packed.run_numbers as numbers on entry.run_id = numbers.run_id
order by targets.id, entry.cell;

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
