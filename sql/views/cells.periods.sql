-- cells.periods: the periods of packed cells, with their days.
--
-- Grain:    one row per number of a period.
-- Read by:  every view that gives a packed cell its texts back.
-- Nulls:    type and days of another calendar's period.

create or replace view cells.periods as

select
    id,
    period,
    period_type,
    start_date as period_start,
    end_date as period_end
from packed.periods;
