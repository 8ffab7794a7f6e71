-- refresh_late_corrections: what is still late has the numbers of the run.
--
-- Binds:    run id, target's system id.
-- Frames:   late_cells (cell, tracker_value, current_value, wanted_action, reason_id).

update packed.late_corrections
set
    last_run = ?,
    tracker_value = late.tracker_value,
    current_value = late.current_value,
    wanted_action = late.wanted_action,
    reason_id = late.reason_id
from late_cells as late
where
    late_corrections.cell = late.cell
    and late_corrections.target_system_id = ?
    and late_corrections.resolved_by_run is null;
