-- packed.compared_at: tracker and paper side by side, as a run was compared.
--
-- Grain:    one row per cell that either side reported then.
-- Read by:  a repeated comparison; discrepancies_at.
-- Nulls:    a side that said nothing. Before the first comparison (`''`) there are no rows.
--
-- Walks back from now: the oldest change after the run tells what stood before it.

create or replace macro packed.compared_at(run) as table

with undone as (
    select
        cell,
        arg_min_null(old_tracker_value, changed.run) as tracker_value,
        arg_min_null(old_manual_value, changed.run) as manual_value
    from packed.compared_changes as changed
    where changed.run >= packed.after_run(run)
    group by cell
),

untouched as (
    select
        cell,
        tracker_value,
        manual_value
    from packed.compared_values
    anti join undone using (cell)
)

select
    cell,
    tracker_value,
    manual_value
from untouched
union all
select
    cell,
    tracker_value,
    manual_value
from undone
where tracker_value is not null or manual_value is not null;
