-- remove_entries: cells that end, or that get a new number, are not open in the ledger.
--
-- Binds:    target's system id.
-- Frames:   opened_cells (cell, value, event), closed_cells (cell, event).

delete from packed.ledger
where
    target_system_id = ?
    and cell in (
        select cell from closed_cells
        union all
        select cell from opened_cells
    );
