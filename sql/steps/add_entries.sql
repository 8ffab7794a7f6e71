-- add_entries: the cells that we wrote and read back are open in the ledger.
--
-- Binds:    target's system id, run id, moment.
-- Frames:   opened_cells (cell, value, event).

insert into packed.ledger

select
    ? as target_system_id,
    cell,
    value,
    ? as run_id,
    ? as loaded_at
from opened_cells;
