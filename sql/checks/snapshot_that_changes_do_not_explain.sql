-- snapshot_that_changes_do_not_explain: the snapshot has the number that the last change of a cell left.
--
-- Grain:    one bad row per cell.
-- Read by:  every commit, of the runs since its own; `Store.check`, of all.
-- Nulls:    the side that has no number.

with changes_in_all as (
    select
        count(*) as cells,
        bit_xor(hash(cell, new_value)) as fingerprint,
        sum(hash(cell, new_value)) as total
    from packed.snapshot_changes
    where run >= getvariable('since')
),

snapshot_in_all as (
    select
        count(*) as cells,
        bit_xor(hash(cell, value)) as fingerprint,
        sum(hash(cell, value)) as total
    from packed.snapshot_values
),

-- Where every cell of the snapshot changed just once, both have the same rows.
same as (
    from changes_in_all
    intersect
    from snapshot_in_all
),

differing as (
    select distinct
        cell,
        known.value
    from packed.snapshot_changes as changed
    left join packed.snapshot_values as known using (cell)
    where
        changed.run >= getvariable('since')
        and known.value is distinct from changed.new_value
        and (select count(*) from same) = 0
),

-- Only a cell that changed more than once may differ from one of its changes.
led_to as (
    select
        cell,
        arg_max_null(new_value, run) as value
    from packed.snapshot_changes
    semi join differing using (cell)
    where run >= getvariable('since')
    group by cell
)

select
    cell,
    differing.value as snapshot_value,
    led_to.value as changes_value
from led_to
inner join differing using (cell)
where differing.value is distinct from led_to.value;
