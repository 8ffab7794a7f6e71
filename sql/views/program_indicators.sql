-- program_indicators: the program indicators that the run asked.
--
-- Grain:    one row per program indicator.
-- Read by:  analysts.
-- Nulls:    what the server does not tell.

create or replace view program_indicators as

select *
from metadata.program_indicators;
