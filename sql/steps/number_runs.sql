-- number_runs: every run of a store of version 1 has a number, in the order of their ids.
--
-- Binds:    none.
-- Frames:   ledger_events_in_words, snapshot_changes_in_words and compared_changes_in_words, as
--           version 1 had the tables.

insert into packed.run_numbers

with known as (
    select run_id
    from packed.runs
    union
    select run_id
    from ledger_events_in_words
    union
    select run_id
    from snapshot_changes_in_words
    union
    select run_id
    from compared_changes_in_words
)

select
    row_number() over (order by run_id) as id,
    run_id
from known;
