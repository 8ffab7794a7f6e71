-- snapshot_that_changes_do_not_explain: the snapshot has the number that the last change of a cell left.
--
-- Grain:    one bad row per cell.
-- Read by:  every commit, of the runs since its own; `Store.check`, of all.
-- Nulls:    the side that has no number.

with differing as (
    select cell
    from packed.snapshot_changes as changed
    left join packed.snapshot_values as known using (cell)
    where
        changed.run_id >= getvariable('since')
        and known.value is distinct from changed.new_value
),

-- Only a cell that changed more than once may differ from one of its changes.
led_to as (
    select
        cell,
        arg_max_null(new_value, run_id) as value
    from packed.snapshot_changes
    semi join differing using (cell)
    where run_id >= getvariable('since')
    group by cell
)

select
    cell,
    known.value as snapshot_value,
    led_to.value as changes_value
from led_to
left join packed.snapshot_values as known using (cell)
where known.value is distinct from led_to.value;
