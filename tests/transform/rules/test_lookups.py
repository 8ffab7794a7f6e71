"""A row is looked up by numbers, and each number tells again what it stands for."""

import polars as pl
import pytest

from pipeline.cells.bits import cell_number
from pipeline.cells.dictionaries import empty_dictionaries, extend
from pipeline.transform.rules.lookups import Lookups, decode_rows, make_lookups
from tests.support.frames import frame, some_keys

MAPPING = frame("""
    program_indicator | category_options | data_element | category_option_combo | attribute_option_combo | rule
    pi_boys           | male             | de_sex       | coc_m                 | aoc                    | only
    pi_lost           |                  | de_gone      | coc_m                 | aoc                    | only
    pi_combo          |                  | de_sex       | coc_gone              | aoc                    | only
    pi_attribute      |                  | de_sex       | coc_m                 | aoc_gone               | only
""")  # noqa: E501  # a table is read in columns
ORG_UNITS = frame("""
    org_unit | target_org_unit | rule_id
    hill     | hill            | -
    outreach | hill            | -
    nowhere  | -               | R07
""")


@pytest.fixture(name="lookups")
def of_a_run() -> Lookups:
    places = some_keys(period=["202401", "202402"], org_unit=["hill", "bay"])
    dictionaries = extend(extend(empty_dictionaries(), places), _form_cells())
    return make_lookups(
        MAPPING,
        ORG_UNITS,
        ["202402"],
        dictionaries,
        known_elements=pl.Series(["de_sex"]),
        known_combos=pl.Series(["coc_m", "aoc"]),
    )


def _form_cells() -> pl.DataFrame:
    names = ("data_element", "category_option_combo", "attribute_option_combo")
    return some_keys(**{name: MAPPING[name].to_list() for name in names})


def test_what_the_target_lacks_is_known_before_any_row_is_read(lookups: Lookups) -> None:
    assert lookups.sources.select("program_indicator", "rule_id").rows() == [
        ("pi_boys", None),
        ("pi_lost", "R03"),
        ("pi_combo", "R04"),
        ("pi_attribute", "R04"),
    ]
    assert lookups.sources["form_cell"].n_unique() == 4


def test_only_periods_that_were_asked_are_known(lookups: Lookups) -> None:
    assert lookups.periods.rows() == [("202402", 1)]


def test_two_org_units_may_go_to_one(lookups: Lookups) -> None:
    assert lookups.org_units.select("org_unit", "target_org_unit", "org_unit_rule").rows() == [
        ("hill", 1, None),
        ("outreach", 1, None),
        ("nowhere", None, "R07"),
    ]


def test_the_number_of_a_row_tells_again_what_was_counted_when_and_where(lookups: Lookups) -> None:
    rows = pl.DataFrame(
        {"period": [1, 1], "source": [0, 2], "unit": [1, 2]},
        schema=dict.fromkeys(("period", "source", "unit"), pl.UInt64),
    ).select(row=cell_number(pl.col("period"), pl.col("source"), pl.col("unit")), value=pl.lit(3.0))

    decoded = decode_rows(rows, lookups)

    columns = ("program_indicator", "category_options", "period", "org_unit", "value")
    assert decoded.select(columns).rows() == [
        ("pi_boys", "male", "202402", "outreach", 3.0),
        ("pi_combo", "", "202402", "nowhere", 3.0),
    ]
