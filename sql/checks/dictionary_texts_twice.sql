-- dictionary_texts_twice: a period, a form cell and an org unit have one number.
--
-- Grain:    one bad row per dictionary and text.
-- Read by:  every commit; `Store.check`.
-- Nulls:    none.

with texts as (
    select
        'periods' as dictionary,
        period as text
    from packed.periods
    union all
    select
        'form_cells' as dictionary,
        concat_ws(' ', data_element, category_option_combo, attribute_option_combo) as text
    from packed.form_cells
    union all
    select
        'org_units' as dictionary,
        org_unit as text
    from packed.org_units
)

select
    dictionary,
    text
from texts
group by dictionary, text
having count(*) > 1;
