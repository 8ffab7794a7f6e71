-- forget_remainders: of each place no more is known than what its newest load left uncategorised.
--
-- Binds:    target's system id, target's system id.
-- Frames:   none.

delete from packed.remainders
where
    target_system_id = ?
    and (program_indicator, period, org_unit, run_id) not in (
        select
            loaded.program_indicator,
            loaded.period,
            loaded.org_unit,
            max(loaded.run_id)
        from packed.remainders as loaded
        inner join packed.runs as runs on loaded.run_id = runs.run_id
        where runs.stage = 'loaded' and loaded.target_system_id = ?
        group by loaded.program_indicator, loaded.period, loaded.org_unit
    );
