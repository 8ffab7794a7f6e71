-- values_that_are_not_finite: a value is a number that a person can write down.
--
-- Grain:    one bad row per run and cell.
-- Read by:  every commit, of the runs since its own; `Store.check`, of all.
-- Nulls:    none.

select
    run_id,
    cell,
    new_value as value
from packed.snapshot_changes
where run_id >= getvariable('since') and not isfinite(new_value)
union all
select
    numbers.run_id,
    told.cell,
    told.value
from packed.ledger_events as told
inner join packed.run_numbers as numbers on told.run = numbers.id
where numbers.run_id >= getvariable('since') and not isfinite(told.value);
