-- runs: what went into each run, and how far it came.
--
-- Grain:    one row per run that committed a snapshot.
-- Read by:  analysts; whoever asks whether last night went well.
-- Nulls:    planned_at and loaded_at until then; the periods of a run that kept no value, and
--           their days in another calendar.

create or replace view runs as

select
    runs.*,
    earliest.period_start as first_period_start,
    latest.period_end as last_period_end
from packed.runs as runs
left join cells.periods as earliest on runs.first_period = earliest.period
left join cells.periods as latest on runs.last_period = latest.period;
