-- number_snapshot_changes: what runs of a store of version 1 found changed is kept in numbers.
--
-- Binds:    none.
-- Frames:   snapshot_changes_in_words, as version 1 had the table, with the place of each row.

insert into packed.snapshot_changes

select
    numbers.id as run,
    found.cell,
    found.old_value,
    found.new_value
from snapshot_changes_in_words as found
inner join packed.run_numbers as numbers on found.run_id = numbers.run_id
order by found.place;
