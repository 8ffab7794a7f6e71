-- packed.changes_between: what differs between tracker's state at one run and at a later one.
--
-- Grain:    one row per cell that differs.
-- Read by:  analysts, by way of the macro changes.
-- Nulls:    old_value of a cell that had no number then, new_value of one that has none now.

create or replace macro packed.changes_between(earlier_run, later_run) as table

select
    cell,
    arg_min_null(old_value, run) as old_value,
    arg_max_null(new_value, run) as new_value
from packed.snapshot_changes
where
    run >= packed.after_run(earlier_run)
    and run < packed.after_run(later_run)
group by cell
having
    arg_min_null(old_value, run) is distinct from arg_max_null(new_value, run);
