-- find_openings: the cells that this run opens in the ledger and has not opened before.
--
-- Binds:    target's system id, run id.
-- Frames:   written_cells (cell, value, event).

select
    cell,
    value,
    event
from written_cells
anti join (
    select
        cell,
        value
    from packed.ledger
    where
        target = packed.target_number(?)
        and run = packed.run_number(?)
        and cell in (select cell from written_cells)
) as entry using (cell, value)
order by cell;
