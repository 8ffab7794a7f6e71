-- find_remainders: what the newest load of each place left uncategorised.
--
-- Binds:    target's system id.
-- Frames:   none.

select
    remainders.program_indicator,
    remainders.period,
    remainders.org_unit,
    arg_max(remainders.remainder, remainders.run_id) as remainder
from packed.remainders as remainders
inner join packed.runs as runs on remainders.run_id = runs.run_id
where runs.stage = 'loaded' and remainders.target_system_id = ?
group by remainders.program_indicator, remainders.period, remainders.org_unit
order by remainders.program_indicator, remainders.period, remainders.org_unit;
