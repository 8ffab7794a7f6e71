"""A run's page says what it did, which guards fired, and why it stopped."""

from typing import Any

import pytest

from pipeline.report.history import MOST_SILENT_INDICATORS, history_as_markdown

ALARM = {"guard": "retractions", "saw": "12 retractions"}
EXTRACT = {
    "started_at": "2026-11-24T02:00:00.123456+00:00",
    "source_version": "2.43.0",
    "source_system_id": "source00001",
    "target_version": "2.42.1",
    "target_system_id": "target00001",
    "analytics_built": "2026-11-24T01:00:00.000",
    "unknown_indicators": {},
    "silent_indicators": [],
    "indicator_names": {},
    "periods": 3,
    "org_units": 1,
    "responses": 2,
    "bytes": 1_500_000,
}


def page(**changed: Any) -> list[str]:  # noqa: ANN401  # any part of a history
    """The lines of a page of a run that was only begun, but for what is changed."""
    history = {
        "run": "20261124T020000Z",
        "stage": "begun",
        **dict.fromkeys(("extract", "transform", "plan", "load")),
        "passed": [],
        "unconfirmed": 0,
        "stops": [],
        "timings": [],
        "bytes": {"responses": 0, "chunks": 0, "papers": 0},
    }
    return history_as_markdown(history | changed).splitlines()


def plan(*alarms: dict[str, str]) -> dict[str, Any]:
    return {"made_at": "2026-11-24T02:05:00", "actions": {"create": 2}, "alarms": [*alarms]}


def test_an_extract_is_told_in_counts_and_in_a_unit_that_reads_well() -> None:
    assert (
        "* **extract** (2026-11-24T02:00:00 UTC): 3 periods, 1 org unit; 2 responses, 1.5 MB; "
        "analytics built 2026-11-24T01:00:00"
    ) in page(extract=EXTRACT)


def test_only_the_first_silent_indicators_are_named_and_the_others_are_counted() -> None:
    silent = [f"pi{number:03}" for number in range(MOST_SILENT_INDICATORS + 2)]

    (line,) = [
        one for one in page(extract=EXTRACT | {"silent_indicators": silent}) if "pi000" in one
    ]

    assert line.startswith("* without any count: pi000, pi001")
    assert line.endswith("pi019 and 2 more")


def test_a_guard_stops_the_load_until_somebody_lets_it_pass_with_a_reason() -> None:
    stopped = page(plan=plan(ALARM))
    passed = page(plan=plan(ALARM), passed=[ALARM | {"reason": "a clinic closed"}])

    assert "* guard retractions: 12 retractions; stops the load" in stopped
    assert "* guard retractions: 12 retractions; passed: a clinic closed" in passed
    assert not [line for line in passed if "stops the load" in line]


def test_a_guard_that_saw_something_else_since_stops_the_load_again() -> None:
    more = ALARM | {"saw": "15 retractions"}

    lines = page(plan=plan(more), passed=[ALARM | {"reason": "a clinic closed"}])

    assert "* guard retractions: 15 retractions; stops the load" in lines


def test_an_interrupted_load_says_what_goes_on() -> None:
    (line,) = [one for one in page(unconfirmed=2) if "interrupted" in one]

    assert "2 groups of values" in line
    assert "`tally load NAME --resume`" in line


def test_what_stopped_a_run_is_told_harmlessly() -> None:
    stop = {"stage": "plan", "at": "2026-11-24T02:05:00.5", "what": "no <b>data set</b>"}

    (line,) = [one for one in page(stops=[stop]) if one.startswith("* stopped")]

    assert line.startswith("* stopped in plan (2026-11-24T02:05:00 UTC): no")
    assert "<b>" not in line


def test_times_add_up_in_a_last_line() -> None:
    timings = [
        {"part": "extract", "seconds": {"server": 2.0, "ours": 0.5}, "requests": 3},
        {"part": "load", "seconds": {"network": 1.25}, "requests": 1},
    ]

    lines = page(timings=timings)

    assert "| extract | 2.5 | 2 | 0 | 0 | 0.5 | 3 |" in lines
    assert [line for line in lines if line.startswith("| all | 3.7 |")]


@pytest.mark.parametrize(
    ("size", "words"),
    [(999, "999 bytes"), (1_000, "1.0 kB"), (2_340_000, "2.3 MB"), (5 * 10**9, "5.0 GB")],
)
def test_what_is_kept_is_told_in_a_unit_that_reads_well(size: int, words: str) -> None:
    assert f"* responses: {words}" in page(bytes={"responses": size, "chunks": 0})
    assert not [line for line in page() if line.startswith("* chunks")]
