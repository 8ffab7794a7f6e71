-- packed.snapshot_values: what tracker says now, as far as it was ever asked.
--
-- Grain:    one row per cell that has a number, in the order of cells.
-- Read by:  the next run, which compares itself with it; data_values.
-- Nulls:    none; a cell without a number has no row.

create table if not exists packed.snapshot_values (
    cell ubigint not null,
    value double not null
);
