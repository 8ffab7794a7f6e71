-- add_target: a target has a number.
--
-- Binds:    target's system id.
-- Frames:   none.

insert into packed.targets

select
    coalesce((select max(id) from packed.targets), 0) + 1 as id,
    $1 as system_id
where not exists (from packed.targets where system_id = $1);
