"""A run's wish is cut into few questions, none of them too long or too large."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.extract.rules.questions import (
    URL_LIMIT,
    IndicatorBatch,
    Question,
    plan_questions,
    split,
)
from pipeline.extract.rules.selectors import OrgUnitSelector
from pipeline.text.errors import TooLargeError, UsageError

MONTHS = tuple(f"2026{month:02}" for month in range(1, 13))


def uids(kind: str, count: int) -> tuple[str, ...]:
    return tuple(f"{kind}{number:0{11 - len(kind)}}" for number in range(count))


def plain(indicators: int) -> list[IndicatorBatch]:
    return [IndicatorBatch(uids("pi", indicators), (), 1)]


def one_level(count: int) -> list[OrgUnitSelector]:
    return [OrgUnitSelector(uids("ou", count))]


def cells(questions: list[Question]) -> list[tuple[str, str, str]]:
    return [
        (indicator, period, unit)
        for question in questions
        for indicator in question.program_indicators
        for period in question.periods
        for unit in question.org_units
    ]


def test_what_fits_is_asked_at_once() -> None:
    (question,) = plan_questions(plain(13), MONTHS, one_level(120), row_limit=100_000)

    assert question.most_rows == 13 * 12 * 120


def test_what_fits_is_cut_by_indicators_into_as_many_as_are_asked_side_by_side() -> None:
    one, two = plan_questions(plain(13), MONTHS, one_level(120), row_limit=100_000, at_least=2)

    assert (len(one.program_indicators), len(two.program_indicators)) == (7, 6)
    assert one.periods == two.periods == MONTHS
    assert len({*cells([one, two])}) == 13 * 12 * 120


def test_one_indicator_is_not_cut_and_what_is_cut_already_stays() -> None:
    assert len(plan_questions(plain(1), MONTHS, one_level(9), row_limit=0, at_least=2)) == 1

    few = plan_questions(plain(4), MONTHS, one_level(100), row_limit=1_000)
    assert plan_questions(plain(4), MONTHS, one_level(100), row_limit=1_000, at_least=2) == few


def test_a_question_is_written_in_uids() -> None:
    question = Question(
        ("piMalaria01", "piMalaria02"),
        ("catSex00001",),
        ("202609", "202610"),
        ("ouRegionAA1",),
        filters=("J5jldMd8OHv:uYxK4wmcPqA",),
        level=4,
        below=(20,),
    )

    assert question.parameters() == [
        ("dimension", "dx:piMalaria01;piMalaria02"),
        ("dimension", "pe:202609;202610"),
        ("dimension", "ou:LEVEL-4;ouRegionAA1"),
        ("dimension", "catSex00001"),
        ("filter", "J5jldMd8OHv:uYxK4wmcPqA"),
        ("skipMeta", "true"),
    ]
    assert question.dimensions == ("program_indicator", "period", "org_unit", "catSex00001")


def test_a_question_is_kept_and_read_back() -> None:
    question = Question(("pi",), ("cat",), ("202601",), ("ou1", "ou2"), 2, ("f:o",), 4, (3, 4))

    assert Question.from_record(question.as_record()) == question


def test_levels_and_other_categories_are_asked_apart() -> None:
    asked = [
        IndicatorBatch(("piPlain0001",), (), 1),
        IndicatorBatch(("piBySex0001",), ("catSex00001",), 2),
    ]
    levels = [OrgUnitSelector(("ouDistrict1",)), OrgUnitSelector(("ouClinicAA1",))]

    questions = plan_questions(asked, MONTHS, levels, row_limit=0)

    assert [(q.program_indicators, q.org_units) for q in questions] == [
        (("piPlain0001",), ("ouDistrict1",)),
        (("piBySex0001",), ("ouDistrict1",)),
        (("piPlain0001",), ("ouClinicAA1",)),
        (("piBySex0001",), ("ouClinicAA1",)),
    ]


@pytest.mark.parametrize(
    ("limit", "sizes"),
    [
        (0, [12]),
        (12 * 400, [12]),
        (12 * 400 - 1, [6, 6]),
        (7 * 400, [6, 6]),
        (5 * 400, [4, 4, 4]),
        (400, [1] * 12),
    ],
)
def test_periods_are_cut_first_into_parts_of_one_size(limit: int, sizes: list[int]) -> None:
    questions = plan_questions(plain(4), MONTHS, one_level(100), row_limit=limit)

    assert [len(question.periods) for question in questions] == sizes


def test_org_units_are_cut_when_one_period_is_too_much() -> None:
    questions = plan_questions(plain(4), MONTHS[:1], one_level(100), row_limit=200)

    assert [len(question.org_units) for question in questions] == [50, 50]


def test_a_long_list_of_days_is_cut_too() -> None:
    days = [f"{20200000 + number}" for number in range(2000)]

    questions = plan_questions(plain(1), days, one_level(1), row_limit=0)

    assert [day for question in questions for day in question.periods] == days
    assert all(question.url_length <= URL_LIMIT for question in questions)


def test_filters_that_leave_no_room_are_refused() -> None:
    with pytest.raises(UsageError, match="filters"):
        plan_questions(
            plain(2), MONTHS, one_level(2), row_limit=0, filters=["a:" + "b" * URL_LIMIT]
        )


@given(
    indicators=st.integers(1, 200),
    periods=st.integers(1, 12),
    org_units=st.integers(1, 900),
    limit=st.integers(20, 5000),
)
def test_every_cell_is_asked_once_in_questions_that_fit(
    indicators: int, periods: int, org_units: int, limit: int
) -> None:
    indicators = min(indicators, 40_000 // (periods * org_units) + 1)

    questions = plan_questions(
        plain(indicators), MONTHS[:periods], one_level(org_units), row_limit=limit
    )

    asked = cells(questions)
    assert len(asked) == len(set(asked)) == indicators * periods * org_units
    assert all(question.url_length <= URL_LIMIT for question in questions)
    assert all(question.most_rows <= limit for question in questions)


@given(below=st.lists(st.integers(1, 90), min_size=1, max_size=60), limit=st.integers(100, 4000))
def test_ancestors_are_cut_with_what_lies_below_them(below: list[int], limit: int) -> None:
    ancestors = OrgUnitSelector(uids("ou", len(below)), 4, tuple(below))

    questions = plan_questions(plain(1), MONTHS[:1], [ancestors], row_limit=limit)

    assert [count for question in questions for count in question.below] == below
    assert all(len(question.below) == len(question.org_units) for question in questions)
    assert all(question.most_rows <= limit for question in questions)


def test_a_refused_question_is_halved_where_it_is_largest() -> None:
    question = Question(uids("pi", 2), (), MONTHS[:3], uids("ou", 2), level=3, below=(5, 6))

    first, second = split(question)

    assert (first.periods, second.periods) == (MONTHS[:2], MONTHS[2:3])
    assert [(q.org_units, q.below) for q in split(first)] == [(uids("ou", 2), (5, 6))] * 2


def test_the_smallest_question_cannot_be_halved() -> None:
    with pytest.raises(TooLargeError, match="smallest"):
        split(Question(("piMalaria01",), (), ("202601",), ("ouClinicAA1",)))
