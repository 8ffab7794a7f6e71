-- changes_that_do_not_chain: a change begins with the number that the change before it left.
--
-- Grain:    one bad row per run and cell whose number came from nowhere.
-- Read by:  every commit, of the runs since its own; `Store.check`, of all.
-- Nulls:    a side without a number.

with recent as (
    select
        run,
        cell,
        old_value,
        new_value
    from packed.snapshot_changes
    where run >= getvariable('since')
),

recent_beside as (
    select
        old_value,
        run > lag(run) over () as is_next_run,
        cell <= lag(cell) over () as is_out_of_order
    from recent
),

-- Nothing was known before, and every cell appeared once.
beginning as (
    select count(*) as changes
    from recent_beside
    having
        count(old_value) = 0
        and coalesce(not bool_or(is_next_run or is_out_of_order), true)
        and not exists (from packed.snapshot_changes where run < getvariable('since'))
),

before as (
    select
        cell,
        arg_max_null(new_value, run) as left_value
    from packed.snapshot_changes
    semi join recent using (cell)
    where run < getvariable('since')
    group by cell
),

-- What begins where all before ended, and changed once since, has nothing to be asked.
to_ask as (
    select recent.cell
    from recent
    left join before using (cell)
    where
        recent.old_value is distinct from before.left_value
        and (select count(*) from beginning) = 0
    union
    select cell
    from recent
    where (select count(*) from beginning) = 0
    group by cell
    having count(*) > 1
),

chained as (
    select
        run,
        cell,
        old_value,
        lag(new_value) over (partition by cell order by run) as left_value
    from (
        from recent
        semi join to_ask using (cell)
        union all
        select
            0 as run,
            cell,
            null as old_value,
            left_value as new_value
        from before
        semi join to_ask using (cell)
    )
)

select
    run,
    cell,
    left_value,
    old_value
from chained
where run > 0 and old_value is distinct from left_value;
