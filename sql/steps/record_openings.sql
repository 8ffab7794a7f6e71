-- record_openings: the ledger's events say which cells became ours, and with what number.
--
-- Binds:    run, target (their numbers), moment.
-- Frames:   opened_cells (cell, value, event), in the order of cells.

insert into packed.ledger_events

select
    ? as run,
    ? as target,
    cell,
    packed.event_number(event) as event,
    value,
    ? as happened_at
from opened_cells;
