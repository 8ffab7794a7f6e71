-- rewind_comparison: the compared values are what they were when an earlier run was compared.
--
-- Binds:    run id; comparisons of this run and later ones are undone.
-- Frames:   none.

create or replace table packed.compared_values as

select
    cell,
    tracker_value,
    manual_value
from packed.compared_at(
    coalesce((select max(run_id) from packed.comparisons where run_id < ?), '')
)
order by cell;
