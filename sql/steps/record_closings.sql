-- record_closings: the ledger's events say which entries end, and what number they had.
--
-- Binds:    run id, moment, target's system id.
-- Frames:   closed_cells (cell, event).
--
-- A cell that is not open has nothing to end: told twice, it is recorded once.

insert into packed.ledger_events

select
    packed.run_number(?) as run,
    entry.target,
    entry.cell,
    packed.event_number(closed.event) as event,
    entry.value,
    ? as happened_at
from packed.ledger as entry
inner join closed_cells as closed using (cell)
where entry.target = packed.target_number(?)
order by entry.cell;
