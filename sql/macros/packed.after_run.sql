-- packed.after_run: the number from which on a change was found after a run, or a moment.
--
-- Grain:    one number per text; a run need not be known, '' is before all.
-- Read by:  every question about a moment.
-- Nulls:    none; where nothing came later it is above every number.
--
-- Runs get their numbers as they commit, which they do in the order of their ids. One whose load
-- was read back later has a higher number, and found no change.

create or replace macro packed.after_run(name) as
(
    select coalesce(min(numbers.id), 4294967295)
    from packed.run_numbers as numbers
    where numbers.run_id > name::varchar
);
