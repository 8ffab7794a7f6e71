-- changes_that_do_not_chain: a change begins with the number that the change before it left.
--
-- Grain:    one bad row per run and cell whose number came from nowhere.
-- Read by:  every commit; `Store.check`.
-- Nulls:    a side without a number.

with chained as (
    select
        run_id,
        cell,
        old_value,
        lag(new_value) over (partition by cell order by run_id) as left_value
    from packed.snapshot_changes
)

select
    run_id,
    cell,
    left_value,
    old_value
from chained
where old_value is distinct from left_value;
