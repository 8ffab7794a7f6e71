-- ledger_that_events_do_not_explain: the ledger has the number that the last event of a cell left.
--
-- Grain:    one bad row per target and cell.
-- Read by:  every commit, of the runs since its own; `Store.check`, of all.
-- Nulls:    the side that has no entry.

with told as not materialized (
    select
        target,
        cell,
        case
            when event in (packed.event_number('loaded'), packed.event_number('adopted'))
                then value
        end as value,
        rowid as place
    from packed.ledger_events
    where run >= getvariable('since')
),

told_in_all as (
    select
        count(*) as cells,
        bit_xor(hash(target, cell, value)) as fingerprint,
        sum(hash(target, cell, value)) as total
    from told
),

entries_in_all as (
    select
        count(*) as cells,
        bit_xor(hash(target, cell, value)) as fingerprint,
        sum(hash(target, cell, value)) as total
    from packed.ledger
    where run >= getvariable('since')
),

-- Where every cell was opened just once, both have the same rows.
same as (
    from told_in_all
    intersect
    from entries_in_all
),

differing as (
    select distinct
        target,
        cell,
        entry.value
    from told
    left join packed.ledger as entry using (target, cell)
    where
        entry.value is distinct from told.value
        and (select count(*) from same) = 0
),

-- Only a cell of which more was told than once may differ from one of its events.
led_to as (
    select
        target,
        cell,
        arg_max_null(value, place) as value
    from told
    semi join differing using (target, cell)
    group by target, cell
)

select
    targets.system_id as target_system_id,
    led_to.cell,
    differing.value as ledger_value,
    led_to.value as events_value
from led_to
inner join differing using (target, cell)
left join packed.targets as targets on led_to.target = targets.id
where differing.value is distinct from led_to.value;
