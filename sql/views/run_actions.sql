-- run_actions: how many cells each action of a run's plan has.
--
-- Grain:    one row per run and action that has cells.
-- Read by:  analysts.
-- Nulls:    none.

create or replace view run_actions as

select
    run_id,
    action,
    cells
from packed.run_actions;
