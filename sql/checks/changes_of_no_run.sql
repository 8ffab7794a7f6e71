-- changes_of_no_run: every change was found by a run that is known.
--
-- Grain:    one bad row per number of a run.
-- Read by:  every commit, of the runs since its own; `Store.check`, of all.
-- Nulls:    run_id of a number that no run has.

with found as (
    select distinct run
    from packed.snapshot_changes
    where run >= getvariable('since')
)

select
    found.run,
    numbers.run_id
from found
left join packed.run_numbers as numbers on found.run = numbers.id
left join packed.runs as runs on numbers.run_id = runs.run_id
where runs.run_id is null;
