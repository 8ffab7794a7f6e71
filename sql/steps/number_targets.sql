-- number_targets: every target of a store of version 1 has a number.
--
-- Binds:    none.
-- Frames:   ledger_events_in_words, as version 1 had the table.

insert into packed.targets

select
    row_number() over (order by min(happened_at), target_system_id) as id,
    target_system_id as system_id
from ledger_events_in_words
group by target_system_id;
