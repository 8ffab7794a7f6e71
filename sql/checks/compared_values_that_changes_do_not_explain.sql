-- compared_values_that_changes_do_not_explain: a compared cell has what its last change left.
--
-- Grain:    one bad row per cell.
-- Read by:  every commit, of the runs since its own; `Store.check`, of all.
-- Nulls:    a side that has no number.

with led_to as (
    select
        cell,
        arg_max_null(new_tracker_value, run) as tracker_value,
        arg_max_null(new_manual_value, run) as manual_value
    from packed.compared_changes
    where run >= getvariable('since')
    group by cell
)

select
    cell,
    known.tracker_value,
    led_to.tracker_value as changes_tracker_value,
    known.manual_value,
    led_to.manual_value as changes_manual_value
from led_to
left join packed.compared_values as known using (cell)
where
    known.tracker_value is distinct from led_to.tracker_value
    or known.manual_value is distinct from led_to.manual_value;
