-- record_openings: the ledger's events say which cells became ours, and with what number.
--
-- Binds:    run id, target's system id, moment.
-- Frames:   opened_cells (cell, value, event).

insert into packed.ledger_events

select
    packed.run_number(?) as run,
    packed.target_number(?) as target,
    cell,
    packed.event_number(event) as event,
    value,
    ? as happened_at
from opened_cells;
