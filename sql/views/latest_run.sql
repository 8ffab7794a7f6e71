-- latest_run: the run that this file was published for.
--
-- Grain:    one row.
-- Read by:  analysts; other views.
-- Nulls:    as in runs.

create or replace view latest_run as

select *
from packed.runs
where run_id = (select max(run_id) from packed.runs);
