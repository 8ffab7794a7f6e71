-- remainders: what the published run counted in a total and in no category option, with names.
--
-- Grain:    one row per program indicator, period and org unit of the source.
-- Read by:  analysts; whoever mends category mappings in tracker.
-- Nulls:    total and remainder where the server gave no total although cells were counted; names,
--           days and levels of what the target does not know.

create or replace view remainders as

select
    remainders.program_indicator,
    program_indicators.name as program_indicator_name,
    remainders.period,
    periods.period_start,
    periods.period_end,
    remainders.org_unit,
    org_units.name as org_unit_name,
    remainders.total,
    remainders.categorised,
    remainders.total - remainders.categorised as remainder,
    org_units.* exclude (id, code, name, path, level, opening_date, closed_date)
from run_files.remainders as remainders
left join metadata.program_indicators as program_indicators
    on remainders.program_indicator = program_indicators.id
left join cells.periods as periods on remainders.period = periods.period
left join metadata.org_units as org_units on remainders.org_unit = org_units.id;
