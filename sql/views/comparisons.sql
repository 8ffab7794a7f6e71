-- comparisons: with what each run was compared, and how far apart still agrees.
--
-- Grain:    one row per run that was compared with manual numbers.
-- Read by:  analysts, before they read discrepancies.
-- Nulls:    none.

create or replace view comparisons as

select *
from packed.comparisons;
