"""Decisions are read with a complaint for each wrong line, and hold until their day."""

from datetime import date
from pathlib import Path

import pytest

from pipeline.tables import read_decisions
from pipeline.text.errors import UsageError

TODAY = date(2026, 11, 20)
HEADER = "data_element,period,org_unit,category_option_combo,decision,decided_by,why,until"
CELL = "deCases0001,202609,ouClinic00a,cocDefault1"


def written(folder: Path, *lines: str) -> Path:
    (folder / "decisions.csv").write_text("\n".join([HEADER, *lines]) + "\n")
    return folder


def test_no_file_is_no_decision(tmp_path: Path) -> None:
    told = read_decisions(tmp_path, TODAY)

    assert (told.standing.height, told.expired.height, told.waiting) == (0, 0, 0)


def test_a_decision_holds_on_its_last_day_and_not_after_it(tmp_path: Path) -> None:
    folder = written(
        tmp_path,
        f"{CELL},tracker,Ms Phiri,recounted,2026-11-20",
        "deCases0001,202609,ouClinic00b,,Manual,Ms Phiri,paper is right,2026-11-19",
        "deCases0001,202609,ouClinic00c,,,,,",
    )

    told = read_decisions(folder, TODAY)

    assert told.standing["decision"].to_list() == ["tracker"]
    assert told.expired.select("line", "decision", "until").rows() == [
        (3, "manual", date(2026, 11, 19))
    ]
    assert told.waiting == 1


def test_what_was_decided_has_the_same_fingerprint_on_every_day_and_in_every_order(
    tmp_path: Path,
) -> None:
    lines = [
        f"{CELL},tracker,Ms Phiri,recounted,2026-11-20",
        "deCases0001,202610,ouClinic00b,,manual,Ms Phiri,paper is right,2026-12-19",
    ]
    first = read_decisions(written(tmp_path, *lines), TODAY).fingerprint
    later = read_decisions(written(tmp_path, *lines[::-1]), date(2027, 1, 1)).fingerprint
    other = read_decisions(written(tmp_path, lines[0]), TODAY).fingerprint

    assert first == later != other


REST = ",,tracker,Ms Phiri,why,2026-12-31"
WRONG = [
    ("deCases0001,202609,clinic a" + REST, "org_unit: 'clinic a' is not a UID"),
    ("deCases0001,2026-13,ouClinic00a" + REST, "period: '2026-13' is not a period"),
    ("deCases0001,209913,ouClinic00a" + REST, "period: '209913' is not a period"),
    (f"{CELL},paper,Ms Phiri,why,2026-12-31", "decision: 'paper' is not one of tracker, manual,"),
    (f"{CELL},tracker,,why,2026-12-31", "decided_by: '' names nobody"),
    (f"{CELL},tracker,Ms Phiri,,2026-12-31", "why: '' says nothing"),
    (f"{CELL},tracker,Ms Phiri,why,", "until: '' is empty, and this field is required"),
    (f"{CELL},tracker,Ms Phiri,why,31/12/2026", "until: '31/12/2026' is not a day; write it as"),
    (f"{CELL},tracker,Ms Phiri,why,2026-02-30", "until: the calendar has no 2026-02-30"),
]


@pytest.mark.parametrize(("line", "sentence"), WRONG)
def test_each_wrong_line_is_named(tmp_path: Path, line: str, sentence: str) -> None:
    good = "deEnrolled1,202610,ouClinic00b,,leave,Ms Phiri,being looked into,2026-12-31"

    with pytest.raises(UsageError) as told:
        read_decisions(written(tmp_path, good, line), TODAY)

    assert f"{tmp_path}/decisions.csv:3: {sentence}" in told.value.where
    assert told.value.what == "the table of decisions decisions.csv has 1 mistake"


def test_a_cell_is_decided_once(tmp_path: Path) -> None:
    folder = written(
        tmp_path,
        f"{CELL},tracker,Ms Phiri,recounted,2026-12-31",
        f"{CELL},manual,Mr Banda,paper is right,2026-12-31",
    )

    with pytest.raises(UsageError) as told:
        read_decisions(folder, TODAY)

    assert ":3: this cell is decided in two rows; the other is line 2" in told.value.where
