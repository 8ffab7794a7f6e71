-- metadata.program_indicators: the program indicators that the run asked.
--
-- Grain:    one row per program indicator.
-- Read by:  the views that name program indicators.
-- Nulls:    what the source does not tell.

create table if not exists metadata.program_indicators (
    id varchar not null,
    code varchar,
    name varchar
);
