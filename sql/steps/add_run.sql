-- add_run: the list of runs has this run, which made its snapshot and has no plan yet.
--
-- Binds:    the columns of packed.runs up to tally_version, in their order.
-- Frames:   none.

insert into packed.runs
values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'transformed', null, null);
