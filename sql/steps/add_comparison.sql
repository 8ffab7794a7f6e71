-- add_comparison: the list of comparisons has this run.
--
-- Binds:    run id, manual source, moment it was read, tolerance, share of tolerance.
-- Frames:   none.

insert into packed.comparisons
values (?, ?, ?, ?, ?);
