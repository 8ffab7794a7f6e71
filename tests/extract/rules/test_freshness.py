"""A run of analytics tables counts for what it built, where the server tells it."""

from datetime import datetime, timedelta

import pytest

from pipeline.extract.rules.freshness import (
    Built,
    Needs,
    TableRun,
    built_last,
    in_words,
    needs_of,
)
from tests.support.frames import frame

NIGHT, MORNING = datetime(2026, 11, 20, 2, 0, 0, 28), datetime(2026, 11, 20, 7)  # noqa: DTZ001  # DHIS2 writes server time without a zone
WHOLE = TableRun(NIGHT + timedelta(milliseconds=900))
AGGREGATE = TableRun(MORNING, frozenset({"EVENT", "ENROLLMENT"}))
NO_MALARIA = TableRun(MORNING, skipped_programs=frozenset({"pr_malaria"}))
NEEDS = Needs(frozenset({"EVENT"}), frozenset({"pr_malaria"}))


@pytest.mark.parametrize(
    ("last_good", "runs", "built"),
    [
        (NIGHT, [WHOLE], Built(NIGHT, is_told=True)),
        (MORNING, [WHOLE, AGGREGATE], Built(WHOLE.started, is_told=True)),
        (MORNING, [AGGREGATE, WHOLE], Built(WHOLE.started, is_told=True)),
        (MORNING, [WHOLE, NO_MALARIA], Built(WHOLE.started, is_told=True)),
        (MORNING, [AGGREGATE], Built(None, is_told=True)),
        (MORNING, [WHOLE], Built(MORNING, is_told=False)),
        (MORNING, [], Built(MORNING, is_told=False)),
        (MORNING, None, Built(MORNING, is_told=False)),
        (None, [WHOLE], Built(None, is_told=True)),
    ],
    ids=[
        "the last run built all",
        "the last run left events out",
        "in any order",
        "the last run left the program out",
        "no run with events is told",
        "the last run is not listed",
        "no run is listed",
        "the list is not shown",
        "there never was a run",
    ],
)
def test_the_last_build_is_that_of_what_is_needed(
    last_good: datetime | None, runs: list[TableRun] | None, built: Built
) -> None:
    assert built_last(last_good, runs, NEEDS) == built


def test_indicators_need_the_tables_of_their_type_and_program() -> None:
    indicators = frame("""
        id   | analytics_type | program
        pi_a | EVENT          | pr_malaria
        pi_b | ENROLLMENT     | pr_births
        pi_c | -              | -
    """)

    assert needs_of(indicators) == Needs(
        frozenset({"EVENT", "ENROLLMENT"}), frozenset({"pr_malaria", "pr_births"})
    )


@pytest.mark.parametrize(
    ("age", "left_out", "words"),
    [
        (None, False, "were never built"),
        (timedelta(hours=30), False, "were built 30 hours ago"),
        (timedelta(hours=30), True, "which left out events or programs, but 30 hours ago"),
        (None, True, "nor does the server tell when they were"),
    ],
)
def test_the_age_is_told_with_its_cause(age: timedelta | None, left_out: bool, words: str) -> None:
    assert in_words(age, left_out=left_out).endswith(words)
