"""Cells that need a person are shown with both numbers, and with a form for the answers."""

import csv
from io import StringIO

import polars as pl
import pytest

from pipeline.cells.key import KEY
from pipeline.report.conflicts import (
    ANSWER_COLUMNS,
    conflicts_for_terminal,
    conflicts_of,
    decisions_as_csv,
)
from tests.support.frames import frame

NAMES = {
    "data_element": {"de_a": "Cases"},
    "category_option_combo": {"co_a": "Male", "default": "default"},
    "org_unit": {"ou_a": "Hill", "ou_b": "Hill"},
}


def plan(table: str) -> pl.DataFrame:
    return frame(table, tracker_value=pl.Float64, ledger_value=pl.Float64).with_columns(
        data_element=pl.lit("de_a"),
        category_option_combo=pl.lit("co_a"),
        attribute_option_combo=pl.lit("default"),
        stored_by=pl.lit("=clerk"),
        last_updated=pl.lit("2026-11-20"),
        reason=pl.lit("not ours"),
    )


PLAN = plan("""
    action   | org_unit | period | tracker_value | current_value | ledger_value
    conflict | ou_b     | 202610 | 5             | 7             | -
    conflict | ou_a     | 202610 | 2.50          | x             | 2
    update   | ou_a     | 202609 | 1             | 2             | 2
    conflict | ou_a     | 202608 | 3             | -             | 4
""")


@pytest.fixture
def conflicts() -> pl.DataFrame:
    return conflicts_of(PLAN, NAMES)


def written(table: str) -> pl.DataFrame:
    rows = frame(table)
    return rows.with_columns(
        data_element=pl.lit("de_a"),
        category_option_combo=pl.lit("co_a"),
        attribute_option_combo=pl.lit("default"),
        decided_by=pl.lit("A. Nurse"),
        why=pl.lit("counted again"),
        until=pl.lit(""),
    ).select(*KEY, *ANSWER_COLUMNS)


def test_only_conflicts_are_there_by_site_and_period_and_all_in_text(
    conflicts: pl.DataFrame,
) -> None:
    assert conflicts.select("org_unit", "period", "tracker", "target", "ours").rows() == [
        ("ou_a", "202608", "3", None, "4"),
        ("ou_a", "202610", "2.5", "x", "2"),
        ("ou_b", "202610", "5", "7", None),
    ]
    assert set(conflicts.schema.values()) == {pl.String}


def test_on_the_terminal_two_sites_of_one_name_have_their_ids(conflicts: pl.DataFrame) -> None:
    shown = conflicts_for_terminal(conflicts)

    assert shown["org_unit_name"].to_list() == ["Hill (ou_a)", "Hill (ou_a)", "Hill (ou_b)"]
    assert shown["data_element_name"].unique().to_list() == ["Cases"]
    assert not set(shown.columns) & {"org_unit", "data_element"}


def test_the_form_keeps_what_was_decided_and_adds_what_was_not(conflicts: pl.DataFrame) -> None:
    decided = written("""
        org_unit | period | decision
        ou_a     | 202610 | leave
        ou_z     | 202601 | tracker
    """)

    lines = list(csv.DictReader(StringIO(decisions_as_csv(conflicts, decided))))

    assert [(one["org_unit"], one["period"], one["decision"]) for one in lines] == [
        ("ou_a", "202610", "leave"),
        ("ou_z", "202601", "tracker"),
        ("ou_a", "202608", ""),
        ("ou_b", "202610", ""),
    ]
    assert [one["why"] for one in lines] == ["counted again", "counted again", "", ""]


def test_what_helps_to_decide_stands_behind_and_is_never_a_formula(
    conflicts: pl.DataFrame,
) -> None:
    nothing = pl.DataFrame(schema=dict.fromkeys((*KEY, *ANSWER_COLUMNS), pl.String))

    form = decisions_as_csv(conflicts, nothing)

    header, first, *_ = csv.reader(StringIO(form))
    assert header[: len(KEY) + len(ANSWER_COLUMNS)] == [*KEY, *ANSWER_COLUMNS]
    line = dict(zip(header, first, strict=True))
    assert (line["org_unit_name"], line["note_ours"], line["note_target"]) == ("Hill", "4", "")
    assert line["note_stored_by"] == "'=clerk"
