"""Cells are whole where they add up to the total; what is more is in no category option."""

import polars as pl
import pytest

from pipeline.extract.rules.questions import IndicatorBatch
from pipeline.extract.rules.scope import Scope
from pipeline.extract.rules.totals import (
    at_places,
    places_of,
    questions_below,
    sums_of,
    total_questions,
    unexplained,
)
from schemas.frames import trusted
from schemas.values import AnalyticsRows
from tests.support.frames import frame


def sums(table: str) -> pl.DataFrame:
    """What the rows of an answer add up to; `sex` is the category."""
    return sums_of(trusted(frame(table), AnalyticsRows))


def rest(total: str, cells: str) -> list[tuple[object, ...]]:
    return unexplained(sums(total), sums(cells)).drop("program_indicator").rows()


CELLS = """
    program_indicator | period | org_unit | sex   | value
    pi                | 202609 | a        | boys  | 5.0
    pi                | 202609 | a        | girls | 4
    pi                | 202610 | a        | girls | 1
"""


@pytest.mark.parametrize(
    ("september", "october", "found"),
    [
        ("9", "1", []),
        ("9.0", "1.0", []),
        ("12", "1", [("202609", "a", 12.0, 9.0)]),
        ("8", "1", []),  # persons in two cells, or a mean: no remainder
    ],
)
def test_a_total_that_is_more_than_its_cells_has_a_remainder(
    september: str, october: str, found: list[tuple[object, ...]]
) -> None:
    total = f"""
        program_indicator | period | org_unit | value
        pi                | 202609 | a        | {september}
        pi                | 202610 | a        | {october}
    """

    assert rest(total, CELLS) == found


def test_cells_without_a_total_and_a_total_without_cells_are_remainders() -> None:
    total = """
        program_indicator | period | org_unit | value
        pi                | 202609 | a        | 9
        pi                | 202609 | b        | 3
    """

    assert rest(total, CELLS) == [("202609", "b", 3.0, 0.0), ("202610", "a", None, 1.0)]


def test_what_rounding_may_have_taken_is_no_remainder() -> None:
    cells = """
        program_indicator | period | org_unit | sex   | value
        pi                | 202609 | a        | boys  | 0.33
        pi                | 202609 | a        | girls | 0.33
    """
    total = "program_indicator | period | org_unit | value\npi | 202609 | a | {}"

    assert rest(total.format("0.67"), cells) == []
    assert rest(total.format("0.68"), cells) == [("202609", "a", 0.68, 0.66)]


MANY = 400
KNOWN = pl.DataFrame(
    [
        ("root", "/root", 1),
        ("east", "/root/east", 2),
        ("west", "/root/west", 2),
        *((f"east{at}", f"/root/east/east{at}", 3) for at in range(MANY)),
        *((f"west{at}", f"/root/west/west{at}", 3) for at in range(MANY)),
    ],
    schema=["id", "path", "level"],
    orient="row",
)
SCOPE = Scope(
    [IndicatorBatch(("pi",), ("sex",), 2)],
    ["202609", "202610"],
    KNOWN.filter(pl.col("level") == 3),
    KNOWN,
)


def test_totals_are_asked_of_the_ancestors_that_name_the_scope() -> None:
    (question,) = total_questions(["pi"], SCOPE, 0, [])

    assert (question.org_units, question.level, question.categories) == (("east", "west"), 0, ())
    assert total_questions([], SCOPE, 0, []) == []


def test_below_it_is_asked_only_where_and_when_cells_did_not_add_up() -> None:
    total = """
        program_indicator | period | org_unit | value
        pi                | 202609 | east     | 9
        pi                | 202609 | west     | 2
    """
    cells = """
        program_indicator | period | org_unit | sex   | value
        pi                | 202609 | east1    | boys  | 5
        pi                | 202609 | east2    | girls | 1
        pi                | 202609 | west7    | girls | 2
    """
    found = unexplained(sums(total), at_places(sums(cells), places_of(SCOPE)))

    assert found.drop("program_indicator").rows() == [("202609", "east", 9.0, 6.0)]
    (question,) = questions_below(found, SCOPE, 0, [])
    assert (question.org_units, question.level, question.below) == (("east",), 3, (MANY,))
    assert question.periods == ("202609",)
