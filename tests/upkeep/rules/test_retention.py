"""Old runs may go, but for the newest."""

from datetime import UTC, datetime, timedelta

import pytest

from pipeline.upkeep.rules.retention import PastRun, old_runs
from tests.support.frames import frame

NOW = datetime(2026, 11, 27, tzinfo=UTC)
RUNS = """
    run | days
    r1  | 50
    r2  | 40
    r3  | 30
    r4  | 20
    r5  | 10
"""


def past(table: str) -> list[PastRun]:
    return [PastRun(run, NOW - timedelta(days=int(days))) for run, days in frame(table).rows()][
        ::-1
    ]


@pytest.mark.parametrize(
    ("older_than", "newest", "expected"),
    [
        (60, 1, []),
        (45, 1, ["r1"]),
        (15, 1, ["r1", "r2", "r3", "r4"]),
        (15, 3, ["r1", "r2"]),
        (0, 1, ["r1", "r2", "r3", "r4"]),  # r5 is the newest
        (0, 5, []),
        (0, 9, []),
    ],
)
def test_runs_are_old_by_age_and_by_number(
    older_than: int, newest: int, expected: list[str]
) -> None:
    found = old_runs(past(RUNS), NOW, timedelta(days=older_than), newest)

    assert [run.run_id for run in found] == expected


def test_a_transfer_without_runs_has_nothing_to_lose() -> None:
    assert old_runs([], NOW, timedelta(0), 1) == []
