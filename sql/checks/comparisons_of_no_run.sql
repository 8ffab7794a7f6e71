-- comparisons_of_no_run: every comparison belongs to a run that is known, and every change to one.
--
-- Grain:    one bad row per run.
-- Read by:  every commit, of the runs since its own; `Store.check`, of all.
-- Nulls:    the run id of a number that no run has.

with found as (
    select distinct run
    from packed.compared_changes
    where run >= getvariable('since')
)

select run_id
from packed.comparisons
anti join packed.runs using (run_id)
union
select numbers.run_id
from found
left join packed.run_numbers as numbers on found.run = numbers.id
left join packed.comparisons as comparisons on numbers.run_id = comparisons.run_id
where comparisons.run_id is null;
