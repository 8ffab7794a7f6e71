-- number_compared_changes: what comparisons of a store of version 1 found changed is kept in numbers.
--
-- Binds:    none.
-- Frames:   compared_changes_in_words, as version 1 had the table, with the place of each row.

insert into packed.compared_changes

select
    numbers.id as run,
    found.cell,
    found.old_tracker_value,
    found.new_tracker_value,
    found.old_manual_value,
    found.new_manual_value
from compared_changes_in_words as found
inner join packed.run_numbers as numbers on found.run_id = numbers.run_id
order by found.place;
