-- record_closings: the ledger's events say which entries end, and what number they had.
--
-- Binds:    run, target (their numbers), moment.
-- Frames:   ended_entries (cell, event, value), in the order of cells.

insert into packed.ledger_events

select
    ? as run,
    ? as target,
    cell,
    packed.event_number(event) as event,
    value,
    ? as happened_at
from ended_entries;
