-- packed.snapshot_changes: what each run found changed in tracker.
--
-- Grain:    one row per run and cell that changed; rows are only ever added.
-- Read by:  state_at, changes_between, cell_history, data_value_changes.
-- Nulls:    old_value of a cell that appeared, new_value of one that vanished.

create table if not exists packed.snapshot_changes (
    run uinteger not null,
    cell ubigint not null,
    old_value double,
    new_value double
);
