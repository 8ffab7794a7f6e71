"""Rows find their cell, or are handed back with a reason."""

import polars as pl
from polars.testing import assert_frame_equal

from pipeline.cells.dictionaries import Dictionaries, empty_dictionaries, extend
from pipeline.cells.packing import unpack
from pipeline.transform.rules.lookups import Lookups, make_lookups
from pipeline.transform.rules.mapping import map_rows
from pipeline.transform.rules.merging import Merged, merge_rows
from tests.support.frames import frame

MAPPING = frame("""
    program_indicator | category_options | data_element | category_option_combo | attribute_option_combo | rule
    pi_under5         |                  | de_malaria   | coc_under5            | aoc_default            | only
    pi_over5          |                  | de_malaria   | coc_5plus             | aoc_default            | only
    pi_site           |                  | de_all       | coc_default           | aoc_default            | sum
    pi_outreach       |                  | de_all       | coc_default           | aoc_default            | sum
    pi_sex            | female           | de_sex       | coc_f                 | aoc_default            | only
    pi_sex            | male             | de_sex       | coc_m                 | aoc_default            | only
    pi_twice          |                  | de_first     | coc_default           | aoc_default            | only
    pi_twice          |                  | de_whole     | coc_default           | aoc_default            | only
    pi_nowhere        |                  | de_gone      | coc_default           | aoc_default            | only
    pi_nocombo        |                  | de_all       | coc_gone              | aoc_default            | only
""")  # noqa: E501  # a table is read in columns
ORG_UNITS = frame("""
    org_unit | target_org_unit | rule_id
    ou_a     | ou_a            | -
    ou_b     | ou_b            | -
    ou_b2    | ou_b            | -
    ou_lost  | -               | R07
""")
VALUE_TYPES = {
    "de_all": "INTEGER_ZERO_OR_POSITIVE",
    "de_sex": "INTEGER",
    "de_malaria": "NUMBER",
    "de_first": "NUMBER",
    "de_whole": "INTEGER",
}
PERIODS = ["202401", "202402"]


def numbered() -> tuple[Dictionaries, Lookups]:
    keys = MAPPING.join(ORG_UNITS.drop_nulls("target_org_unit"), how="cross").join(
        pl.DataFrame({"period": PERIODS}), how="cross"
    )
    dictionaries = extend(
        empty_dictionaries(), keys.drop("org_unit").rename({"target_org_unit": "org_unit"})
    )
    elements = pl.Series(list(VALUE_TYPES))
    combos = pl.Series(["coc_under5", "coc_5plus", "coc_default", "aoc_default", "coc_f", "coc_m"])
    lookups = make_lookups(
        MAPPING, ORG_UNITS, PERIODS, dictionaries, known_elements=elements, known_combos=combos
    )
    return dictionaries, lookups


DICTIONARIES, LOOKUPS = numbered()


def transformed(
    rows: pl.DataFrame, categories: tuple[str, ...] = ()
) -> tuple[Merged, pl.DataFrame]:
    mapped = map_rows(rows, categories, LOOKUPS)
    types = DICTIONARIES.form_cells.select(
        form_cell="id",
        value_type=pl.col("data_element").replace_strict(VALUE_TYPES, default=None),
    )
    merged = merge_rows(mapped.accepted, mapped.doubtful, LOOKUPS, types)
    rejects = pl.concat([mapped.rejects, merged.rejects]).sort(pl.all())
    return merged, rejects


def values(rows: pl.DataFrame, categories: tuple[str, ...] = ()) -> pl.DataFrame:
    merged, _ = transformed(rows, categories)
    return unpack(merged.values, DICTIONARIES)


def reasons(rows: pl.DataFrame, categories: tuple[str, ...] = ()) -> list[str]:
    return transformed(rows, categories)[1]["rule_id"].to_list()


def test_one_indicator_may_fill_two_data_elements_and_each_takes_or_refuses_it() -> None:
    rows = frame("""
        program_indicator | period | org_unit | value
        pi_twice          | 202401 | ou_a     | 3
        pi_twice          | 202402 | ou_a     | 2.5
    """)

    assert sorted(values(rows).select("data_element", "period", "value").rows()) == [
        ("de_first", "202401", 3.0),
        ("de_first", "202402", 2.5),
        ("de_whole", "202401", 3.0),
    ]
    assert reasons(rows) == ["R13"]


def test_two_indicators_may_fill_two_cells_of_one_data_element() -> None:
    rows = frame("""
        program_indicator | period | org_unit | value
        pi_under5         | 202401 | ou_a     | 3
        pi_over5          | 202401 | ou_a     | 5.0
    """)
    expected = frame(
        """
        data_element | period | org_unit | category_option_combo | attribute_option_combo | value
        de_malaria   | 202401 | ou_a     | coc_under5            | aoc_default            | 3
        de_malaria   | 202401 | ou_a     | coc_5plus             | aoc_default            | 5
        """,
        value=pl.Float64(),
    )
    assert_frame_equal(values(rows), expected, check_row_order=False)
    assert reasons(rows) == []


def test_two_indicators_may_be_summed_into_one_cell() -> None:
    rows = frame("""
        program_indicator | period | org_unit | value
        pi_site           | 202401 | ou_a     | 3
        pi_outreach       | 202401 | ou_a     | 4
    """)
    assert values(rows)["value"].to_list() == [7.0]


def test_category_options_choose_the_cell_of_a_disaggregated_indicator() -> None:
    rows = frame("""
        program_indicator | cat_sex | period | org_unit | value
        pi_sex            | male    | 202402 | ou_a     | 2
        pi_sex            | other   | 202402 | ou_a     | 9
    """)
    mapped = values(rows, ("cat_sex",))
    assert mapped.select("category_option_combo", "value").rows() == [("coc_m", 2.0)]
    assert reasons(rows, ("cat_sex",)) == ["R02"]


def test_each_row_that_finds_no_cell_is_handed_back_with_its_reason() -> None:
    rows = frame("""
        program_indicator | period | org_unit | value
        pi_unmapped       | 202401 | ou_a     | 1
        pi_sex            | 202401 | ou_a     | 1
        pi_nowhere        | 202401 | ou_a     | 1
        pi_nocombo        | 202401 | ou_a     | 1
        pi_site           | 202401 | ou_z     | 1
        pi_site           | 202401 | ou_lost  | 1
        pi_site           | 202405 | ou_a     | 1
        pi_under5         | 202401 | ou_a     | many
        pi_under5         | 202401 | ou_b     | NaN
        pi_under5         | 202402 | ou_b     | 1234567890.1234567
    """)
    expected = ["R01", "R02", "R03", "R04", "R05", "R07", "R08", "R09", "R10", "R11"]
    assert reasons(rows) == expected
    assert values(rows).is_empty()


def test_a_count_that_comes_twice_is_believed_neither_time() -> None:
    rows = frame("""
        program_indicator | period | org_unit | value
        pi_under5         | 202401 | ou_a     | 3
        pi_under5         | 202401 | ou_a     | 4
    """)
    assert reasons(rows) == ["R12", "R12"]
    assert values(rows).is_empty()


def test_a_decimal_does_not_fit_a_count() -> None:
    rows = frame("""
        program_indicator | period | org_unit | value
        pi_site           | 202401 | ou_a     | 2.5
        pi_site           | 202402 | ou_a     | -1
    """)
    assert reasons(rows) == ["R13", "R13"]


def test_org_units_that_are_merged_are_added_up_whatever_the_rule_of_the_counts() -> None:
    rows = frame("""
        program_indicator | period | org_unit | value
        pi_under5         | 202401 | ou_b     | 3
        pi_under5         | 202401 | ou_b2    | 4
        pi_site           | 202401 | ou_b     | 3
        pi_site           | 202401 | ou_b2    | 4
    """)
    assert reasons(rows) == []
    assert values(rows)["value"].to_list() == [7.0, 7.0]


def test_a_part_of_a_sum_is_no_value() -> None:
    rows = frame("""
        program_indicator | period | org_unit | value
        pi_site           | 202401 | ou_a     | 3
        pi_outreach       | 202401 | ou_a     | lots
    """)
    merged, rejects = transformed(rows)
    assert rejects["rule_id"].to_list() == ["R09", "R15"]
    assert merged.values.is_empty()
    assert merged.doubtful.height == 1
