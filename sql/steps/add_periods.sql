-- add_periods: the dictionary knows every period of the run.
--
-- Binds:    none.
-- Frames:   new_periods (id, period, period_type, start_date, end_date).

insert into packed.periods

select
    id,
    period,
    period_type,
    start_date,
    end_date
from new_periods
anti join packed.periods using (id, period)
order by id;
