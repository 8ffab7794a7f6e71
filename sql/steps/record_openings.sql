-- record_openings: the ledger's events say which cells became ours, and with what number.
--
-- Binds:    run id, target's system id, moment.
-- Frames:   opened_cells (cell, value, event).

insert into packed.ledger_events

select
    ? as run_id,
    ? as target_system_id,
    cell,
    event,
    value,
    ? as happened_at
from opened_cells;
