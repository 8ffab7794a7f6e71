-- number_ledger: the ledger of a store of version 1 is kept in numbers.
--
-- Binds:    none.
-- Frames:   ledger_in_words, as version 1 had the table.

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
