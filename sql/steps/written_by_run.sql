-- written_by_run: the cells that a run wrote or took back, and what the ledger said before it.
--
-- Binds:    run id, target's system id.
-- Frames:   none.
--
-- value_before is null where a cell was not ours before; is_later where another run has told of
-- it since.

with its_own as (
    select
        cell,
        arg_max(event, happened_at) as event,
        min(happened_at) as first_at,
        max(happened_at) as last_at
    from packed.ledger_events
    where run_id = $1 and target_system_id = $2 and event != 'closed'
    group by cell
),

others as (
    select
        told.cell,
        arg_max_null(
            case when told.event in ('loaded', 'adopted') then told.value end,
            told.happened_at
        ) filter (where told.happened_at <= its_own.first_at) as value_before,
        bool_or(told.happened_at > its_own.last_at) as is_later
    from packed.ledger_events as told
    inner join its_own on told.cell = its_own.cell
    where told.run_id != $1 and told.target_system_id = $2
    group by told.cell
)

select
    its_own.cell,
    its_own.event,
    others.value_before,
    coalesce(others.is_later, false) as is_later
from its_own
left join others on its_own.cell = others.cell
order by its_own.cell;
