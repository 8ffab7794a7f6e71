-- add_remainders: what the run leaves uncategorised counts once the run is loaded.
--
-- Binds:    target's system id, run id.
-- Frames:   believed_remainders (program_indicator, period, org_unit, remainder).

insert into packed.remainders

select
    ? as target_system_id,
    ? as run_id,
    believed.program_indicator,
    believed.period,
    believed.org_unit,
    believed.remainder
from believed_remainders as believed
order by believed.program_indicator, believed.period, believed.org_unit;
