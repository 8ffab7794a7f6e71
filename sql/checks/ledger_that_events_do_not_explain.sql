-- ledger_that_events_do_not_explain: the ledger is what all its events together lead to.
--
-- Grain:    one bad row per target and cell.
-- Read by:  every commit; `Store.check`.
-- Nulls:    the side that has no entry.

with last_events as (
    select
        target_system_id,
        cell,
        arg_max(event, happened_at) as event,
        arg_max(value, happened_at) as value
    from packed.ledger_events
    group by target_system_id, cell
),

explained as (
    select
        target_system_id,
        cell,
        value
    from last_events
    where event in ('loaded', 'adopted')
)

select
    target_system_id,
    cell,
    entry.value as ledger_value,
    explained.value as events_value
from packed.ledger as entry
full join explained using (target_system_id, cell)
where entry.value is distinct from explained.value;
