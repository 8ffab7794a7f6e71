-- find_cells_written: the cells that a run wrote or took back, and what the ledger said before it.
--
-- Binds:    run id, target's system id.
-- Frames:   none.
--
-- value_before is null where a cell was not ours before; is_later where another run wrote or
-- took it back since.

with its_own as (
    select
        cell,
        arg_max(event, happened_at) as event,
        min(happened_at) as first_at,
        max(happened_at) as last_at
    from packed.ledger_events
    where
        run = packed.run_number($1)
        and target = packed.target_number($2)
        and event != packed.event_number('closed')
    group by cell
),

others as (
    select
        theirs.cell,
        arg_max_null(
            case when packed.event_of(theirs.event) in ('loaded', 'adopted') then theirs.value end,
            theirs.happened_at
        ) filter (where theirs.happened_at <= its_own.first_at) as value_before,
        bool_or(theirs.happened_at > its_own.last_at) as is_later
    from packed.ledger_events as theirs
    inner join its_own on theirs.cell = its_own.cell
    where
        theirs.run is distinct from packed.run_number($1)
        and theirs.target = packed.target_number($2)
    group by theirs.cell
)

select
    its_own.cell,
    packed.event_of(its_own.event) as event,
    others.value_before,
    coalesce(others.is_later, false) as is_later
from its_own
left join others on its_own.cell = others.cell
order by its_own.cell;
