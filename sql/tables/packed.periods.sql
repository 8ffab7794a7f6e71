-- packed.periods: the number of every period that a cell was ever in.
--
-- Grain:    one row per period; rows are only ever added.
-- Read by:  everything that gives a packed cell its texts back.
-- Nulls:    type and dates, of a period whose calendar Tally does not know.

create table if not exists packed.periods (
    id ubigint not null,
    period varchar not null,
    period_type varchar,
    start_date date,
    end_date date
);
