-- packed.compared_values: tracker and paper side by side, in the newest run that was compared.
--
-- Grain:    one row per cell that either side reported, in the order of cells.
-- Read by:  compared_at; the next comparison, which tells what changed.
-- Nulls:    a side that said nothing is null, never zero.

create table if not exists packed.compared_values (
    cell ubigint not null,
    tracker_value double,
    manual_value double
);
