-- rewrite_snapshot: the snapshot is what it was, with the changes of this run.
--
-- Binds:    run id.
-- Frames:   none.

create or replace table packed.snapshot_values as

with changed as (
    select
        cell,
        new_value as value
    from packed.snapshot_changes
    where run_id = ?
)

select
    cell,
    value
from packed.snapshot_values
anti join changed using (cell)
union all
select
    cell,
    value
from changed
where value is not null
order by cell;
