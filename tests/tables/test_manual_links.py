"""The table of manual elements is joined with the forms, or refused with its lines."""

from pathlib import Path

import polars as pl
import pytest

from pipeline.compare.rules.links import MANUAL_CELL
from pipeline.tables.manual_links import known_combos, links_with_file, links_with_form
from pipeline.text.errors import ExitCode, UsageError
from schemas.metadata import TargetMetadata
from tests.support.frames import frame

PATH = Path("mappings/manual.csv")
FILLED = frame("""
    data_element | category_option_combo | attribute_option_combo
    deCases0001  | cocDefault1           | cocDefault1
    deBySex0001  | cocBoys0001           | cocDefault1
    deBySex0001  | cocGirls001           | cocDefault1
""")
ELEMENTS = frame("""
    id          | aggregation_type
    deCases0001 | SUM
    deBySex0001 | SUM
    deStock0001 | AVERAGE
""")
COMBOS = frame("""
    id          | code  | name
    cocDefault1 | -     | default
    cocBoys0001 | BOYS  | Boys
    cocGirls001 | GIRLS | Girls
    cocOther001 | BOYS  | Other
""")
NOTHING = pl.DataFrame()
FORMS = TargetMetadata(ELEMENTS, *[NOTHING] * 4, COMBOS, NOTHING, NOTHING, "cocDefault1")


def table(*rows: tuple[str, str, str]) -> pl.DataFrame:
    """Lines of manual element, its option combo, and the element that it is compared with."""
    empty = pl.lit("")
    return pl.DataFrame(
        [(line, *row) for line, row in enumerate(rows, 2)],
        schema={
            "line": pl.UInt32,
            **dict.fromkeys(
                ("manual_data_element", "manual_category_option_combo", "data_element"), pl.String
            ),
        },
        orient="row",
    ).select(
        "line",
        "manual_data_element",
        "manual_category_option_combo",
        "data_element",
        manual_attribute_option_combo=empty,
        category_option_combo="manual_category_option_combo",
        attribute_option_combo=empty,
    )


def test_an_element_of_the_data_set_is_linked_with_trackers() -> None:
    links = links_with_form(
        PATH,
        table(("paCases0001", "", "deCases0001")),
        FILLED,
        FORMS,
        elements=["paCases0001"],
        data_set="dsPaper0001",
    )

    assert links.manual.select("manual_data_element", "data_element").rows() == [
        ("paCases0001", "deCases0001")
    ]
    assert links.tracker["data_element"].to_list() == ["deCases0001"]


def test_every_line_about_an_element_that_the_data_set_lacks_is_named() -> None:
    rows = table(("paCases0001", "", "deCases0001"), ("paOther0001", "", "deUnknown01"))

    with pytest.raises(UsageError) as told:
        links_with_form(PATH, rows, FILLED, FORMS, elements=["paCases0001"], data_set="dsPaper0001")

    assert told.value.exit_code == ExitCode.USAGE
    lines = told.value.where.splitlines()
    assert (
        "manual.csv:3: data set dsPaper0001 does not have the data element paOther0001" in lines[0]
    )
    assert all("manual.csv:3:" in line for line in lines)


def test_a_combo_of_a_file_may_be_named_by_code_or_name() -> None:
    rows = table(("Fever", "BOYS", "deBySex0001"), ("Fever", "girls", "deBySex0001"))
    written = rows.with_columns(category_option_combo=pl.Series(["cocBoys0001", "cocGirls001"]))

    links = links_with_file(PATH, written, FILLED, FORMS)

    assert links.manual.select(MANUAL_CELL[:2]).rows() == [
        ("Fever", "cocBoys0001"),
        ("Fever", "cocGirls001"),
    ]


def test_only_combos_that_tracker_fills_can_be_meant() -> None:
    assert set(known_combos(FILLED, FORMS)["id"]) == {"cocDefault1", "cocBoys0001", "cocGirls001"}


def test_an_element_that_cannot_be_added_up_is_refused() -> None:
    filled = pl.concat([FILLED, FILLED.head(1).with_columns(data_element=pl.lit("deStock0001"))])

    with pytest.raises(UsageError) as told:
        links_with_file(PATH, table(("Stock", "", "deStock0001")), filled, FORMS)

    assert "manual.csv:2:" in told.value.where
