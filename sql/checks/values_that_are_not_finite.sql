-- values_that_are_not_finite: a value is a number that a person can write down.
--
-- Grain:    one bad row per run and cell.
-- Read by:  every commit, of the runs since its own; `Store.check`, of all.
-- Nulls:    none.

select
    run,
    cell,
    new_value as value
from packed.snapshot_changes
where run >= getvariable('since') and not isfinite(new_value)
union all
select
    run,
    cell,
    value
from packed.ledger_events
where run >= getvariable('since') and not isfinite(value);
