"""The table of the design, every line of it under every policy.

tracker: what the run found; target: what stands; ours: what we wrote and confirmed there. Marks:
s a zero of the element is significant, ! tracker's number is not to be believed, / the mapping no
longer reaches the cell, # the period is closed. Then what becomes of the cell, first as shipped
(merge), then under one other policy each; an empty field says: the same as shipped. `keep!`: the
ledger lets the cell go. A number is what is written, `gone`: the cell is emptied.
"""

from typing import NamedTuple

from pipeline.plan.rules.policy import PlanPolicy
from tests.support.frames import frame

TABLE = frame("""
    tracker | target | ours | mark | merge        | append | update | zero      | leave | store    | skip        | to_tracker | to_manual | adopt | retire       | reason
    5       | 5      | 5    |      | keep         |        |        |           |       |          |             |            |           |       |              | same
    5       | 5      | -    |      | keep         |        |        |           |       |          |             |            |           | adopt |              | same
    5       | 5.0    | 5    |      | keep         |        |        |           |       |          |             |            |           |       |              | same
    5       | 5      | 4    |      | keep!        |        |        |           |       |          |             |            |           |       |              | same
    5       | -      | -    |      | create 5     |        | skip   |           |       |          |             |            |           |       |              | new
    5       | -      | 5    |      | conflict     |        |        |           |       |          |             | create 5   | skip      |       |              | removed_by_somebody
    6       | 5      | 5    |      | update 6     | skip   |        |           |       |          |             |            |           |       |              | changed
    6       | 5      | -    |      | conflict     |        |        |           |       |          |             | update 6   | skip      |       |              | not_ours
    6       | 5      | 4    |      | conflict     |        |        |           |       |          |             | update 6   | skip      |       |              | changed_by_somebody
    5       | five   | -    |      | conflict     |        |        |           |       |          |             | update 5   | skip      |       |              | no_number
    0       | -      | -    |      | keep         |        |        |           |       | hold     |             |            |           |       |              | same
    0       | -      | -    | s    | create 0     |        | skip   |           |       |          | keep        |            |           |       |              | new
    0       | 0      | -    |      | keep         |        |        |           |       |          |             |            |           | adopt |              | same
    0       | 5      | 5    |      | update gone  | skip   |        |           |       |          |             |            |           |       |              | changed
    0       | 5      | 5    | s    | update 0     | skip   |        |           |       |          | update gone |            |           |       |              | changed
    0       | -      | 5    |      | keep!        |        |        |           |       | hold!    |             |            |           |       |              | same
    0       | -      | 5    | s    | conflict     |        |        |           |       |          | keep!       | create 0   | skip      |       |              | removed_by_somebody
    0       | 5      | -    |      | conflict     |        |        |           |       |          |             | conflict   | skip      |       |              | not_ours
    0       | 5      | -    | s    | conflict     |        |        |           |       |          |             | update 0   | skip      |       |              | not_ours
    -       | 5      | 5    |      | retract gone | skip   |        |           | skip  |          |             |            |           |       |              | vanished
    -       | 5      | 5    | s    | retract gone | skip   |        | retract 0 | skip  |          |             |            |           |       |              | vanished
    -       | 0      | 0    | s    | retract gone | skip   |        | keep      | skip  |          |             |            |           |       |              | vanished
    -       | 5      | 4    |      | foreign!     |        |        |           |       |          |             |            |           |       |              | theirs
    -       | 5      | -    |      | foreign      |        |        |           |       |          |             |            |           |       |              | theirs
    -       | five   | 5    |      | foreign!     |        |        |           |       |          |             |            |           |       |              | theirs
    -       | -      | 5    |      | close!       |        |        |           |       |          |             |            |           |       |              | both_gone
    5       | 4      | 4    | !    | hold         |        |        |           |       |          |             |            |           |       |              | source_unknown
    5       | 4      | -    | !    | hold         |        |        |           |       |          |             |            |           |       |              | source_unknown
    -       | 4      | 4    | !    | hold         |        |        |           |       |          |             |            |           |       |              | source_unknown
    -       | -      | 4    | !    | hold         |        |        |           |       |          |             |            |           |       |              | source_unknown
    -       | 4      | 4    | /    | orphan       |        |        |           |       |          |             |            |           |       | retract gone | left_scope
    -       | 5      | 4    | /    | orphan       |        |        |           |       |          |             |            |           |       | foreign!     | left_scope
    -       | -      | 4    | /    | orphan       |        |        |           |       |          |             |            |           |       | close!       | left_scope
    5       | 5      | 5    | #    | keep         |        |        |           |       |          |             |            |           |       |              | same
    5       | -      | -    | #    | hold         |        | skip   |           |       |          |             |            |           |       |              | expired
    6       | 5      | 5    | #    | hold         | skip   |        |           |       |          |             |            |           |       |              | expired
    -       | 5      | 5    | #    | hold         | skip   |        |           | skip  |          |             |            |           |       |              | expired
    6       | 5      | 4    | #    | conflict     |        |        |           |       |          |             | hold       | skip      |       |              | changed_by_somebody
    -       | 5      | -    | #    | foreign      |        |        |           |       |          |             |            |           |       |              | theirs
""")  # noqa: E501  # a table is read in columns


class Way(NamedTuple):
    """One policy: as the plan has it, and as an officer writes it."""

    policy: PlanPolicy
    written: dict[str, dict[str, object]]


def _policy(**keys: str) -> Way:
    return Way(PlanPolicy(**keys), {"policy": dict(keys)})  # type: ignore[arg-type]  # one of its words


_DECIDED = {"owner": "Ms Phiri", "reason": "the register is complete", "first_period": "202608"}
WAYS = {
    "merge": _policy(existing="merge"),
    "append": _policy(existing="append"),
    "update": _policy(existing="update"),
    "zero": _policy(vanished="zero"),
    "leave": _policy(vanished="leave"),
    "store": _policy(zeros="store"),
    "skip": _policy(zeros="skip"),
    "to_tracker": Way(
        PlanPolicy(conflict="tracker"), {"policy": {"conflict": "tracker", **_DECIDED}}
    ),
    "to_manual": Way(PlanPolicy(conflict="manual"), {"policy": {"conflict": "manual", **_DECIDED}}),
    "adopt": Way(PlanPolicy(adopt_stored_by=("clerk",)), {"adopt": {"stored_by": ["clerk"]}}),
    "retire": Way(PlanPolicy(retire=True), {}),
}


class Line(NamedTuple):
    """A line of the table, and what it says under one policy."""

    tracker: str | None
    target: str | None
    ours: str | None
    mark: str
    expected: str
    reason: str


def lines(way: str) -> list[Line]:
    """Give the table under one policy."""
    return [
        Line(*row[:4], row[5] or row[4], row[6])
        for row in TABLE.select(
            "tracker", "target", "ours", "mark", "merge", told=way, reason="reason"
        ).rows()
    ]
