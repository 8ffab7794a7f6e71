-- manual_values: what paper says of the cells that tracker fills, for the latest run.
--
-- Grain:    one row per compared cell that paper has a number for; none when nothing was compared.
-- Read by:  analysts, who ask about the manual side alone.
-- Nulls:    names that the target did not tell at publication.

create or replace view manual_values as

select
    manual_value as value,
    * exclude (tracker_value, manual_value, difference, agreement)
from discrepancies
where manual_value is not null;
