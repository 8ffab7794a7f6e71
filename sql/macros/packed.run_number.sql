-- packed.run_number: the number of a run.
--
-- Grain:    a number or a text.
-- Read by:  the steps and views of the ledger.
-- Nulls:    a run that changed no ledger.

create or replace macro packed.run_number(name) as
(select max(numbers.id) from packed.run_numbers as numbers where numbers.run_id = name::varchar);
