-- number_runs: every run that changed the ledger of version 1 has a number.
--
-- Binds:    none.
-- Frames:   ledger_events_in_words: as version 1 had the table, with the place of each row.

insert into packed.run_numbers

select
    row_number() over (order by run_id) as id,
    run_id
from ledger_events_in_words
group by run_id;
