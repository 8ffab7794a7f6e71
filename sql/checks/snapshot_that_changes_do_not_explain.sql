-- snapshot_that_changes_do_not_explain: the snapshot is what all changes together lead to.
--
-- Grain:    one bad row per cell.
-- Read by:  every commit; `Store.check`.
-- Nulls:    the side that has no number.

with led_to as (
    select
        cell,
        arg_max_null(new_value, run_id) as value
    from packed.snapshot_changes
    group by cell
)

select
    cell,
    known.value as snapshot_value,
    led_to.value as changes_value
from packed.snapshot_values as known
full join led_to using (cell)
where known.value is distinct from led_to.value;
