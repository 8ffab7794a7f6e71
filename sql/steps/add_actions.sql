-- add_actions: the actions of the run's plan are counted.
--
-- Binds:    run id.
-- Frames:   counted_actions (action, cells).

insert into packed.run_actions

select
    ? as run_id,
    action,
    cells
from counted_actions
order by action;
