"""Several counts may fill one cell; then the mapping says how, or there is no number."""

import polars as pl
import pytest

from pipeline.cells.bits import cell_number
from pipeline.transform.rules.lookups import Lookups
from pipeline.transform.rules.merging import NOWHERE, Merged, merge_rows
from tests.support.frames import frame

SOURCES = frame("""
    program_indicator | category_options | source | form_cell | rule_id | rule
    clinic            |                  | 0      | 0         | -       | sum
    outreach          |                  | 1      | 0         | -       | sum
    highest           |                  | 2      | 1         | -       | max
    other             |                  | 3      | 1         | -       | max
    lowest            |                  | 4      | 2         | -       | min
    lower             |                  | 5      | 2         | -       | min
    alone             |                  | 6      | 3         | -       | only
    second            |                  | 7      | 3         | -       | only
""").with_columns(pl.col("source", "form_cell").cast(pl.UInt64))
ORG_UNITS = frame("""
    org_unit | source_org_unit | target_org_unit | org_unit_rule
    hill     | 0               | 0               | -
    bay      | 1               | 0               | -
""").with_columns(pl.col("source_org_unit", "target_org_unit").cast(pl.UInt64))
PERIODS = pl.DataFrame(
    {"period": ["202401"], "period_number": [0]}, schema_overrides={"period_number": pl.UInt64}
)
LOOKUPS = Lookups(SOURCES, PERIODS, ORG_UNITS)
CELL_OF = dict(SOURCES.select("program_indicator", "form_cell").rows())
NUMBER_OF = dict(SOURCES.select("program_indicator", "source").rows())
NO_DOUBT = pl.DataFrame(schema={"cell": pl.UInt64})


def merged(
    *counts: tuple[str, str, float], value_type: str = "NUMBER", not_added: pl.Series = NOWHERE
) -> Merged:
    """Merge counts of one month: indicator, org unit, value."""
    rows = pl.DataFrame(
        [
            (0, NUMBER_OF[name], ["hill", "bay"].index(unit), CELL_OF[name], value)
            for name, unit, value in counts
        ],
        schema={
            **dict.fromkeys(("period", "source", "unit", "form_cell"), pl.UInt64),
            "value": pl.Float64,
        },
        orient="row",
    )
    nowhere = pl.lit(0, pl.UInt64)
    accepted = rows.select(
        cell_number(pl.col("period"), pl.col("source"), pl.col("unit")).alias("row"),
        cell_number(pl.col("period"), pl.col("form_cell"), nowhere),
        "value",
    )
    types = pl.DataFrame(
        {"form_cell": range(4), "value_type": value_type}, schema_overrides={"form_cell": pl.UInt64}
    )
    return merge_rows(accepted, NO_DOUBT, LOOKUPS, types, not_added)


@pytest.mark.parametrize(
    ("counts", "value"),
    [
        ([("clinic", "hill", 3), ("outreach", "hill", 4)], 7.0),
        ([("clinic", "hill", 0.1), ("outreach", "hill", 0.2)], 0.3),
        ([("clinic", "hill", 1), ("clinic", "bay", 2), ("outreach", "bay", 4)], 7.0),
        ([("highest", "hill", 3), ("other", "hill", 4), ("highest", "bay", 5)], 9.0),
        ([("alone", "hill", 5), ("alone", "bay", 2)], 7.0),
        ([("highest", "hill", 3), ("other", "hill", 4)], 4.0),
        ([("lowest", "hill", 3), ("lower", "hill", -4)], -4.0),
        ([("alone", "hill", 5)], 5.0),
        ([("clinic", "hill", 0), ("outreach", "hill", 0)], 0.0),
    ],
)
def test_the_mapping_says_how(counts: list[tuple[str, str, float]], value: float) -> None:
    told = merged(*counts)

    assert told.values["value"].to_list() == [value]
    assert told.rejects.is_empty()
    assert told.doubtful.is_empty()


def test_where_the_mapping_is_silent_there_is_no_number() -> None:
    told = merged(("alone", "hill", 1), ("second", "hill", 2), ("alone", "bay", 4))

    assert told.values.is_empty()
    assert told.rejects.select("rule_id", "program_indicator", "org_unit", "value").rows() == [
        ("R14", "alone", "hill", "1"),
        ("R14", "second", "hill", "2"),
        ("R14", "alone", "bay", "4"),
    ]
    assert told.doubtful.height == 1


def test_a_count_that_came_twice_takes_its_cell_along() -> None:
    told = merged(("clinic", "hill", 1), ("clinic", "hill", 1), ("outreach", "hill", 5))

    assert told.values.is_empty()
    assert sorted(told.rejects["rule_id"]) == ["R12", "R12", "R15"]


def test_a_sum_that_does_not_fit_rejects_all_its_parts() -> None:
    told = merged(
        ("clinic", "hill", 60),
        ("outreach", "hill", 50),
        ("alone", "hill", 1),
        value_type="PERCENTAGE",
    )

    assert told.values["value"].to_list() == [1.0]
    assert told.rejects["rule_id"].to_list() == ["R13", "R13"]


def test_an_element_whose_type_is_not_known_takes_nothing() -> None:
    assert merged(("alone", "hill", 1), value_type="GEOJSON").rejects["rule_id"].to_list() == [
        "R13"
    ]


def test_cells_come_in_their_order() -> None:
    told = merged(("alone", "hill", 1), ("lower", "hill", 2), ("clinic", "hill", 3))

    assert told.values["value"].to_list() == [3.0, 2.0, 1.0]
    assert told.values["cell"].is_sorted()


def test_an_average_of_two_sites_is_no_sum_and_that_of_one_site_stays() -> None:
    averages = pl.Series([3], dtype=pl.UInt64)
    both = merged(("alone", "hill", 5), ("alone", "bay", 2), not_added=averages)
    one = merged(("alone", "hill", 5), ("clinic", "hill", 2), not_added=averages)

    assert both.values.is_empty()
    assert both.rejects["rule_id"].to_list() == ["R18", "R18"]
    assert one.values["value"].to_list() == [2.0, 5.0]
    assert one.rejects.is_empty()
