-- dictionary_numbers_twice: a number of a dictionary means one thing for ever.
--
-- Grain:    one bad row per dictionary and number.
-- Read by:  every commit; `Store.check`.
-- Nulls:    none.

with numbers as (
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
from numbers
group by dictionary, id
having count(*) > 1;
