-- resolve_late_corrections: what was late and does not wait any more is resolved by the run.
--
-- Binds:    run id, moment, target's system id.
-- Frames:   late_cells (cell), waiting_cells (cell), asked_periods (id), asked_org_units (id).
--
-- Only what the run asked about can be resolved by it.

update packed.late_corrections
set resolved_by_run = ?, resolved_at = ?
where
    target_system_id = ?
    and resolved_by_run is null
    and packed.period_of(cell) in (select id from asked_periods)
    and packed.org_unit_of(cell) in (select id from asked_org_units)
    and cell not in (select cell from late_cells)
    and cell not in (select cell from waiting_cells);
