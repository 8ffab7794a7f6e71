-- packed.target_number: the number of a target.
--
-- Grain:    one number per target.
-- Read by:  the steps of the ledger.
-- Nulls:    a target that nothing was loaded into.

create or replace macro packed.target_number(name) as
(select max(targets.id) from packed.targets as targets where targets.system_id = name::varchar);
