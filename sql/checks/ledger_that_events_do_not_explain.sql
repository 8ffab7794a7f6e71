-- ledger_that_events_do_not_explain: the ledger has the number that the last event of a cell left.
--
-- Grain:    one bad row per target and cell.
-- Read by:  every commit, of the runs since its own; `Store.check`, of all.
-- Nulls:    the side that has no entry.

with told as (
    select
        target,
        cell,
        case when packed.event_of(event) in ('loaded', 'adopted') then value end as value,
        rowid as place
    from packed.ledger_events
    where run in (select id from packed.run_numbers where run_id >= getvariable('since'))
),

differing as (
    select
        target,
        cell
    from told
    left join packed.ledger as entry using (target, cell)
    where entry.value is distinct from told.value
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
    cell,
    entry.value as ledger_value,
    led_to.value as events_value
from led_to
left join packed.targets as targets on led_to.target = targets.id
left join packed.ledger as entry using (target, cell)
where entry.value is distinct from led_to.value;
