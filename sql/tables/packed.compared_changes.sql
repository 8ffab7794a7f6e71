-- packed.compared_changes: what each comparison found changed against the one before.
--
-- Grain:    one row per run and compared cell that changed; rows are only ever added.
-- Read by:  compared_at.
-- Nulls:    a side that said nothing; both old values of a cell that was not compared before, and
--           both new values of one that no longer is.

create table if not exists packed.compared_changes (
    run uinteger not null,
    cell ubigint not null,
    old_tracker_value double,
    new_tracker_value double,
    old_manual_value double,
    new_manual_value double
);
