-- add_outcomes: the outcomes of the run's load are counted.
--
-- Binds:    run id.
-- Frames:   counted_outcomes (outcome, cells).

insert into packed.run_outcomes

select
    ? as run_id,
    outcome,
    cells
from counted_outcomes
order by outcome;
