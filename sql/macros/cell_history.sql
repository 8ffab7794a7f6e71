-- cell_history: everything that ever happened in tracker to one cell.
--
-- Grain:    one row per run that found the cell changed, the oldest first.
-- Read by:  analysts, who ask how a number came to be.
-- Nulls:    old_value when the cell appeared, new_value when it vanished.

create or replace macro cell_history(
    data_element, period, org_unit, category_option_combo, attribute_option_combo
) as table

select
    run_id,
    started_at,
    old_value,
    new_value
from packed.cell_history(
    data_element, period, org_unit, category_option_combo, attribute_option_combo
);
