-- rejects: the rows of the published run that did not become values, and why.
--
-- Grain:    one row per row that was handed back.
-- Read by:  analysts; whoever mends the mapping.
-- Nulls:    what the row did not have; names, days and levels of what the target does not know.

create or replace view rejects as

select
    rejects.rule_id,
    rejects.reason,
    rejects.program_indicator,
    program_indicators.name as program_indicator_name,
    rejects.category_options,
    rejects.period,
    periods.period_start,
    periods.period_end,
    rejects.org_unit,
    org_units.name as org_unit_name,
    rejects.value,
    org_units.* exclude (id, code, name, path, level, opening_date, closed_date)
from run_files.rejects as rejects
left join metadata.program_indicators as program_indicators
    on rejects.program_indicator = program_indicators.id
left join cells.periods as periods on rejects.period = periods.period
left join metadata.org_units as org_units on rejects.org_unit = org_units.id;
