-- discrepancies: tracker and manual reporting side by side, for the latest run.
--
-- Grain:    one row per cell that either side reported; none when the run was not compared.
-- Read by:  analysts, during parallel reporting.
-- Nulls:    a side that said nothing is null, never zero; names that the target did not tell.

create or replace view discrepancies as

from discrepancies_at((select max(run_id) from packed.runs));
