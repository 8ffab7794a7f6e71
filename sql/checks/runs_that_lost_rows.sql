-- runs_that_lost_rows: every row of a run became a value or a reject.
--
-- Grain:    one bad row per run.
-- Read by:  every commit; `Store.check`.
-- Nulls:    none.

select
    run_id,
    rows,
    accepted,
    rejects,
    values
from packed.runs
where rows <> accepted + rejects or values > accepted;
