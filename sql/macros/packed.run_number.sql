-- packed.run_number: the number of a run.
--
-- Grain:    one number per run.
-- Read by:  the steps that change anything for a run.
-- Nulls:    a run that changed nothing here.

create or replace macro packed.run_number(name) as
(select max(numbers.id) from packed.run_numbers as numbers where numbers.run_id = name::varchar);
