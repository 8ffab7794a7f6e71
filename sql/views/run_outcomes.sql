-- run_outcomes: what became of the cells that a run set out to write.
--
-- Grain:    one row per run and outcome that has cells.
-- Read by:  analysts.
-- Nulls:    none.

create or replace view run_outcomes as

select
    run_id,
    outcome,
    cells
from packed.run_outcomes;
