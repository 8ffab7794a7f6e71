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
        cell,
        arg_max_null(new_value, run_id) as left_value
    from packed.snapshot_changes
    semi join recent using (cell)
    where run_id < getvariable('since')
    group by cell
),

-- What does not begin where all before ended follows another recent change, or nothing.
unlike_before as (
    select recent.cell
    from recent
    left join before using (cell)
    where recent.old_value is distinct from before.left_value
),

chained as (
    select
        run_id,
        cell,
        old_value,
        lag(new_value) over (partition by cell order by run_id) as left_value
    from (
        from recent
        semi join unlike_before using (cell)
        union all
        select
            '' as run_id,
            cell,
            null as old_value,
            left_value as new_value
        from before
        semi join unlike_before using (cell)
    )
)

select
    run_id,
    cell,
    left_value,
    old_value
from chained
where run_id <> '' and old_value is distinct from left_value;
