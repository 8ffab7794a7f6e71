-- packed.state_at: what tracker said when a run had committed its snapshot.
--
-- Grain:    one row per cell that had a number then.
-- Read by:  a repeated snapshot; the macro of the same name for analysts.
-- Nulls:    none. Before the first run (`''`) there are no rows.
--
-- Walks back from now: the oldest change after the run tells what stood before it.

create or replace macro packed.state_at(run) as table

with undone as (
    select
        cell,
        arg_min_null(old_value, changed.run) as value
    from packed.snapshot_changes as changed
    where changed.run >= packed.after_run(run)
    group by cell
),

untouched as (
    select
        cell,
        value
    from packed.snapshot_values
    anti join undone using (cell)
)

select
    cell,
    value
from untouched
union all
select
    cell,
    value
from undone
where value is not null;
