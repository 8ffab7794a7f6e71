-- count_changes: how many cells of a run appeared, changed, vanished, and stayed the same.
--
-- Binds:    run id.
-- Frames:   asked_values (cell, value), unknown_cells (cell).
--
-- Asked after the snapshot was rewritten: what was asked, is known, and is not unknown, is what
-- appeared, what changed, and what stayed.

with counted as (
    select
        count(*) filter (where old_value is null) as appeared,
        count(*) filter (where old_value is not null and new_value is not null) as changed,
        count(*) filter (where new_value is null) as vanished
    from packed.snapshot_changes
    where run_id = ?
),

believed as (
    select count(*) as cells
    from asked_values
    anti join unknown_cells using (cell)
)

select
    appeared,
    changed,
    vanished,
    believed.cells - appeared - changed as same
from counted
cross join believed;
