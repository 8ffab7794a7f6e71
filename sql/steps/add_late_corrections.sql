-- add_late_corrections: what is late and was not before is seen first by the run.
--
-- Binds:    target's system id, run id, moment, run id, target's system id.
-- Frames:   late_cells (cell, tracker_value, current_value, wanted_action, reason_id).

insert into packed.late_corrections

select
    ? as target_system_id,
    late.cell,
    ? as first_run,
    ? as first_seen_at,
    ? as last_run,
    late.tracker_value,
    late.current_value,
    late.wanted_action,
    late.reason_id,
    null as resolved_by_run,
    null as resolved_at
from late_cells as late
where late.cell not in (
    select known.cell
    from packed.late_corrections as known
    where known.target_system_id = ? and known.resolved_by_run is null
)
order by late.cell;
