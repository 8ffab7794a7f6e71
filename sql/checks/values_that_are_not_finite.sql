-- values_that_are_not_finite: a value is a number that a person can write down.
--
-- Grain:    one bad row per cell.
-- Read by:  every commit; `Store.check`.
-- Nulls:    none.

select
    cell,
    value
from packed.snapshot_values
where not isfinite(value)
union all
select
    cell,
    value
from packed.ledger
where not isfinite(value);
