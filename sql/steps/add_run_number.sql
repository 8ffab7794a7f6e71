-- add_run_number: a run has a number.
--
-- Binds:    run id.
-- Frames:   none.

insert into packed.run_numbers

select
    coalesce((select max(id) from packed.run_numbers), 0) + 1 as id,
    $1 as run_id
where not exists (from packed.run_numbers where run_id = $1);
