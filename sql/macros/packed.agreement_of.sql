-- packed.agreement_of: the class of a compared cell, as `compare` of pipeline.compare gives it.
--
-- Grain:    one word per cell.
-- Read by:  discrepancies_at.
-- Nulls:    none for a cell that either side reported.
--
-- Half a share of a decimal number is rarely exact, so a billionth of a count is let pass.

create or replace macro packed.agreement_of(tracker, manual, tolerance, tolerance_share) as

case
    when manual is null then 'only_tracker'
    when tracker is null then 'only_manual'
    when tracker = manual then 'same'
    when abs(tracker - manual) <= greatest(tolerance, abs(manual) * tolerance_share) + 1e-9
        then 'within_tolerance'
    when tracker > manual then 'tracker_higher'
    else 'tracker_lower'
end;
