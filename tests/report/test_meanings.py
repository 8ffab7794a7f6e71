"""An action of a plan is told as what it is: tracker's doing, a retiring or an undoing."""

import pytest

from pipeline.report.meanings import meanings_of, other_side
from tests.support.frames import frame

GONE = "will be removed or set to zero, tracker counts nothing any more"
LEFT = "will be removed or set to zero, the mapping or the scope no longer reaches them"
UNDONE = "will be removed or set to zero, the run that is undone wrote them first"


@pytest.mark.parametrize(
    ("reasons", "meaning"),
    [
        (["vanished"], GONE),
        (["retired"], LEFT),
        (["undone_taken_back"], UNDONE),
        (["retired", "vanished", "vanished"], f"{LEFT}; or {GONE}"),
    ],
)
def test_what_is_removed_is_told_with_its_cause(reasons: list[str], meaning: str) -> None:
    plan = frame("action | reason_id\n" + "\n".join(f"retract | {one}" for one in reasons))

    assert meanings_of(plan) == {"retract": meaning}


def test_an_undoing_stands_beside_the_numbers_of_before_and_not_beside_tracker() -> None:
    undoing = frame("""
        action | reason_id
        update | undone_back
        keep   | undone_already
    """)

    assert meanings_of(undoing) == {
        "keep": "already as they were before the run",
        "update": "will be changed back to what we had written before",
    }
    assert other_side(undoing) == "as_before_the_run"
    assert other_side(frame("action | reason_id\n update | changed")) == "tracker"
