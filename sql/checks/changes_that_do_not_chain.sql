-- changes_that_do_not_chain: a change begins with the number that the change before it left.
--
-- Grain:    one bad row per run and cell whose number came from nowhere.
-- Read by:  every commit, of the runs since its own; `Store.check`, of all.
-- Nulls:    a side without a number.

with recent as (
    select
        run_id,
        cell,
        old_value,
        new_value
    from packed.snapshot_changes
    where run_id >= getvariable('since')
),

before as (
    select
        '' as run_id,
        cell,
        null as old_value,
        arg_max_null(new_value, run_id) as new_value
    from packed.snapshot_changes
    semi join recent using (cell)
    where run_id < getvariable('since')
    group by cell
),

chained as (
    select
        run_id,
        cell,
        old_value,
        lag(new_value) over (partition by cell order by run_id) as left_value
    from (
        from recent
        union all
        from before
    )
)

select
    run_id,
    cell,
    left_value,
    old_value
from chained
where run_id <> '' and old_value is distinct from left_value;
