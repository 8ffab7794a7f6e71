"""Late corrections are a CSV that a person can read, the oldest sight first."""

import csv
from datetime import datetime
from io import StringIO

import polars as pl
import pytest

from pipeline.plan.rules.reasons import LATE, SENTENCES
from pipeline.report.late_corrections import late_corrections_as_csv
from tests.support.frames import frame

NAMES = {
    "data_element": {"de_a": "=Cases"},
    "category_option_combo": {"co_a": "Male", "default": "default"},
    "org_unit": {"ou_a": "Aba"},
}
(REASON, *_) = sorted(LATE)


def late(table: str) -> pl.DataFrame:
    rows = frame(table, tracker_value=pl.Float64)
    return rows.with_columns(
        data_element=pl.lit("de_a"),
        category_option_combo=pl.lit("co_a"),
        attribute_option_combo=pl.lit("default"),
        reason_id=pl.lit(REASON),
        first_seen_at=pl.lit(datetime(2026, 11, 24, 2, 5, 9)),  # noqa: DTZ001  # the store's, in UTC
    )


ROWS = late("""
    period | org_unit | tracker_value | current_value | wanted_action | first_run
    202610 | ou_b     | -1.5          | 4             | update        | r2
    202609 | ou_b     | 7             | -             | create        | r1
    202608 | ou_a     | -             | 3             | retract       | r2
""")


@pytest.fixture
def lines() -> list[dict[str, str]]:
    return list(csv.DictReader(StringIO(late_corrections_as_csv(ROWS, NAMES))))


def test_the_oldest_sight_comes_first_then_the_site(lines: list[dict[str, str]]) -> None:
    assert [(one["first_run"], one["org_unit"], one["period"]) for one in lines] == [
        ("r1", "ou_b", "202609"),
        ("r2", "ou_a", "202608"),
        ("r2", "ou_b", "202610"),
    ]


def test_names_stand_beside_ids_and_no_name_is_a_formula(lines: list[dict[str, str]]) -> None:
    assert [one["org_unit_name"] for one in lines] == ["ou_b", "Aba", "ou_b"]
    assert {one["data_element"] for one in lines} == {"de_a"}
    assert {one["data_element_name"] for one in lines} == {"'=Cases"}


def test_a_number_stays_a_number_and_a_side_without_one_is_empty(
    lines: list[dict[str, str]],
) -> None:
    assert [(one["tracker_value"], one["current_value"]) for one in lines] == [
        ("7", ""),
        ("", "3"),
        ("-1.5", "4"),
    ]


def test_the_reason_is_a_sentence_and_the_moment_is_whole(lines: list[dict[str, str]]) -> None:
    assert {one["reason"] for one in lines} == {SENTENCES[REASON]}
    assert {one["first_seen_at"] for one in lines} == {"2026-11-24 02:05:09"}
