"""run.md says how far tracker and paper agree, or why nobody knows."""

from pipeline.report.comparison import (
    NO_COMPARISON,
    comparison_as_markdown,
    refusal_as_markdown,
)
from pipeline.text.errors import UsageError
from tests.support.overviews import from_cells, invented

TABLE = """
    site | month  | element | tracker | manual
    Aba  | 202601 | Cases   | 12      | 12
    Bori | 202601 | Cases   | 30      | 20
    Bori | 202602 | Cases   | 4       | -
"""


def test_the_answer_comes_first_then_one_row_for_each_class() -> None:
    lines = comparison_as_markdown(from_cells(TABLE)).splitlines()

    assert lines[0] == "## Tracker and paper"
    assert lines[2].startswith("Of 3 numbers that tracker or the manual reports gave, 1 agrees")
    assert "| Tracker higher | 1 | 30 | 20 |" in lines
    assert "| Only tracker | 1 | 4 |  |" in lines
    assert "| Close enough | 0 |  |  |" in lines


def test_it_says_what_was_compared_and_when_paper_was_read() -> None:
    text = comparison_as_markdown(from_cells(TABLE))

    assert "Manual is data set Monthly paper report, read on 24 Nov 2026" in text
    assert "Tolerance: 2." in text
    assert "Everything on paper was a number." in text


def test_what_could_not_be_compared_is_counted() -> None:
    text = comparison_as_markdown(invented(sites=3, findings=2))

    assert "2 things of the manual side or of tracker could not be compared" in text


def test_it_says_when_nothing_of_the_manual_side_could_be_placed() -> None:
    silent = comparison_as_markdown(
        from_cells(TABLE.replace("12      | 12", "12 | -").replace("20", "-"))
    )
    placed = comparison_as_markdown(from_cells(TABLE))

    assert "No number of data set Monthly paper report could be placed in a cell" in silent
    assert "could be placed" not in placed


def test_a_comparison_that_could_not_be_made_gives_its_letter() -> None:
    letter = UsageError("the file is not there", where="manual|1.csv", remedy="put it there")

    text = refusal_as_markdown(letter)

    assert "**Nothing was compared**" in text
    assert [line for line in text.splitlines() if line.startswith("* ")] == [
        "* the file is not there",
        "* manual\\|1.csv",
        "* put it there",
    ]


def test_what_a_letter_leaves_out_is_no_empty_line() -> None:
    bullets = [
        line for line in refusal_as_markdown(UsageError("no")).splitlines() if line.startswith("*")
    ]

    assert bullets[1:] == ["* no"]


def test_nothing_to_compare_with_is_said_in_one_sentence() -> None:
    assert NO_COMPARISON.splitlines()[2].startswith("Nothing was compared: `[compare]`")
