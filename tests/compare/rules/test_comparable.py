"""What one side does not know is left out of both: unknown is not silent."""

import polars as pl
from pandera.typing.polars import DataFrame

from pipeline.cells.key import KEY
from pipeline.compare.rules.comparable import ComparableSides, comparable
from pipeline.compare.rules.links import COMPARED
from schemas.comparison import TrackerLinks
from schemas.frames import checked, columns, empty
from schemas.values import CellKeys, Values
from tests.support.frames import frame

LINKS = checked(
    frame("""
        data_element | category_option_combo | unknown
        de_cases     | boys                  | false
        de_cases     | girls                 | false
        de_deaths    | default               | false
    """)
    .with_columns(
        pl.col("unknown") == "true",
        attribute_option_combo=pl.lit("default"),
        **dict.fromkeys(COMPARED, pl.lit("default")),
    )
    .select(columns(TrackerLinks)),
    TrackerLinks,
)
NOTHING = empty(CellKeys)


def cells(table: str) -> DataFrame[CellKeys]:
    """Cells of October, as element, site and combo."""
    written = frame(table)
    keys = written.select(
        "data_element",
        period=pl.lit("202610"),
        org_unit="site",
        category_option_combo="combo",
        attribute_option_combo=pl.lit("default"),
    )
    return checked(keys.select(KEY), CellKeys)


def values(table: str) -> DataFrame[Values]:
    """Cells of October with their numbers."""
    numbers = frame(table, value=pl.Float64)["value"]
    return checked(cells(table).with_columns(numbers), Values)


TRACKER = values("""
    data_element | site | combo   | value
    de_cases     | a    | boys    | 2
    de_cases     | a    | girls   | 3
    de_cases     | b    | boys    | 4
    de_deaths    | a    | default | 1
""")
MANUAL = values("""
    data_element | site | combo   | value
    de_cases     | a    | default | 6
    de_cases     | b    | default | 4
    de_deaths    | a    | default | 2
""")


def in_words(side: pl.DataFrame) -> list[tuple[str, str, float]]:
    return side.select("data_element", "org_unit", "value").sort(pl.all()).rows()


def sides(
    *,
    doubtful: DataFrame[CellKeys] = NOTHING,
    manual_doubtful: DataFrame[CellKeys] = NOTHING,
    links: DataFrame[TrackerLinks] = LINKS,
) -> ComparableSides:
    return comparable(TRACKER, doubtful, MANUAL, manual_doubtful, links)


def test_what_both_know_is_compared_by_the_cells_that_the_mapping_makes() -> None:
    known = sides()

    assert in_words(known.tracker) == [
        ("de_cases", "a", 5.0),
        ("de_cases", "b", 4.0),
        ("de_deaths", "a", 1.0),
    ]
    assert in_words(known.manual) == in_words(MANUAL)
    assert known.findings.is_empty()


def test_a_cell_is_not_known_when_one_of_its_parts_was_rejected() -> None:
    doubtful = cells("""
        data_element | site | combo
        de_cases     | a    | girls
    """)

    known = sides(doubtful=doubtful)

    assert in_words(known.tracker) == [("de_cases", "b", 4.0), ("de_deaths", "a", 1.0)]
    assert in_words(known.manual) == [("de_cases", "b", 4.0), ("de_deaths", "a", 2.0)]
    assert known.findings["rule_id"].to_list() == ["M16"]
    assert known.findings["observed"].to_list() == ["1 cell"]


def test_a_cell_that_is_not_clear_on_paper_leaves_both_sides() -> None:
    unclear = cells("""
        data_element | site | combo
        de_deaths    | a    | default
    """)

    known = sides(manual_doubtful=unclear)

    assert in_words(known.tracker) == [("de_cases", "a", 5.0), ("de_cases", "b", 4.0)]
    assert in_words(known.manual) == [("de_cases", "a", 6.0), ("de_cases", "b", 4.0)]
    assert known.findings.is_empty()


def test_an_element_whose_indicator_could_not_be_asked_is_not_compared_anywhere() -> None:
    in_vain = pl.col("category_option_combo") == "boys"
    asked_in_vain = checked(LINKS.with_columns(unknown=in_vain), TrackerLinks)

    known = sides(links=asked_in_vain)

    assert in_words(known.tracker) == [("de_deaths", "a", 1.0)]
    assert in_words(known.manual) == [("de_deaths", "a", 2.0)]
    assert known.findings["observed"].to_list() == ["all cells of de_cases"]
    assert known.findings["source"].to_list() == ["tracker"]
