-- cells_without_a_name: the dictionaries know every part of every cell that was ever met.
--
-- Grain:    one bad row per dictionary and number.
-- Read by:  every commit, of the runs since its own; `Store.check`, of all.
-- Nulls:    none.

with cells as not materialized (
    select cell
    from packed.snapshot_changes
    where run >= getvariable('since')
    union all
    select cell
    from packed.ledger_events
    where run >= getvariable('since')
    union all
    select cell
    from packed.compared_changes
    where run >= getvariable('since')
),

-- A million cells lie on some hundred pages, which are forms of a period.
pages as (
    select distinct cell >> 28 as page
    from cells
),

parts as (
    select distinct
        'periods' as dictionary,
        packed.period_of(page << 28) as id
    from pages
    union all
    select distinct
        'form_cells' as dictionary,
        packed.form_cell_of(page << 28) as id
    from pages
    union all
    select distinct
        'org_units' as dictionary,
        packed.org_unit_of(cell) as id
    from cells
),

numbers as (
    select
        'periods' as dictionary,
        id
    from packed.periods
    union all
    select
        'form_cells' as dictionary,
        id
    from packed.form_cells
    union all
    select
        'org_units' as dictionary,
        id
    from packed.org_units
)

select
    dictionary,
    id
from parts
anti join numbers using (dictionary, id);
