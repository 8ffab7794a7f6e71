"""The table of the design, line by line: if the target is as we left it, follow tracker."""

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.transform.plan import ACTIONS, WRITING, PlanPolicy, decide
from tests.frames import frame

# tracker: what the run found; target: what stands; ours: what we wrote and confirmed there.
# ! unknown, / outside the image, s a zero that is significant, # held.
TABLE = """
    tracker | target | ours | mark | action   | wanted   | send  | delete | closes | reason
    5       | 5      | 5    |      | keep     | keep     | -     | no     | no     | same
    5       | 5      | -    |      | keep     | keep     | -     | no     | no     | same
    5       | 5.0    | 5    |      | keep     | keep     | -     | no     | no     | same
    5       | 5      | 4    |      | keep     | keep     | -     | no     | yes    | same
    5       | -      | -    |      | create   | create   | 5     | no     | no     | new
    5       | -      | 5    |      | conflict | conflict | -     | no     | no     | removed_by_somebody
    6       | 5      | 5    |      | update   | update   | 6     | no     | no     | changed
    0       | 5      | 5    |      | update   | update   | 5     | yes    | no     | changed
    0       | 5      | 5    | s    | update   | update   | 0     | no     | no     | changed
    0       | -      | -    |      | keep     | keep     | -     | no     | no     | same
    0       | -      | -    | s    | create   | create   | 0     | no     | no     | new
    0       | 0      | -    |      | keep     | keep     | -     | no     | no     | same
    -       | 5      | 5    |      | retract  | retract  | 5     | yes    | no     | vanished
    -       | 0      | 0    | s    | retract  | retract  | 0     | yes    | no     | vanished
    6       | 5      | -    |      | conflict | conflict | -     | no     | no     | not_ours
    6       | 5      | 4    |      | conflict | conflict | -     | no     | no     | changed_by_somebody
    -       | 5      | 4    |      | foreign  | foreign  | -     | no     | yes    | theirs
    -       | 5      | -    |      | foreign  | foreign  | -     | no     | no     | theirs
    -       | -      | 5    |      | close    | close    | -     | no     | yes    | both_gone
    5       | five   | -    |      | conflict | conflict | -     | no     | no     | no_number
    -       | five   | 5    |      | foreign  | foreign  | -     | no     | yes    | theirs
    5       | 4      | 4    | !    | hold     | hold     | -     | no     | no     | source_unknown
    -       | 4      | 4    | !    | hold     | hold     | -     | no     | no     | source_unknown
    -       | 4      | 4    | /    | orphan   | orphan   | -     | no     | no     | left_scope
    6       | 5      | 5    | #    | hold     | update   | -     | no     | no     | expired
    -       | 5      | 5    | #    | hold     | retract  | -     | no     | no     | expired
    5       | 5      | 5    | #    | keep     | keep     | -     | no     | no     | same
    6       | 5      | 4    | #    | conflict | conflict | -     | no     | no     | changed_by_somebody
    33.07   | 33     | 33   |      | update   | update   | 33.07 | no     | no     | changed
"""  # noqa: E501  # a table is read in columns


def cells(table: str) -> tuple[pl.DataFrame, pl.DataFrame]:
    written = frame(table)
    mark = pl.col("mark")
    asked = written.with_row_index("cell").select(
        pl.col("cell").cast(pl.UInt64),
        tracker_value=pl.col("tracker").cast(pl.Float64),
        current_value="target",
        ledger_value=pl.col("ours").cast(pl.Float64),
        unknown=mark == "!",
        in_image=mark != "/",
        zero_is_significant=mark == "s",
        stored_by=pl.lit("somebody"),
        comment=pl.lit(None, pl.String),
        hold_reason=pl.when(mark == "#").then(pl.lit("expired")),
    )
    return asked, written


def test_the_table_of_the_design_holds_line_by_line() -> None:
    asked, written = cells(TABLE)

    plan = decide(asked, PlanPolicy())

    told = plan.select(
        "action",
        wanted="wanted_action",
        send=pl.col("send"),
        delete=pl.when("delete").then(pl.lit("yes")).otherwise(pl.lit("no")),
        closes=pl.when("closes_ledger").then(pl.lit("yes")).otherwise(pl.lit("no")),
        reason="reason_id",
    )
    expected = written.select("action", "wanted", "send", "delete", "closes", "reason")
    for number, (line, told_line) in enumerate(zip(expected.rows(), told.rows(), strict=True)):
        assert told_line == line, written.row(number)


@pytest.mark.parametrize(
    ("policy", "tracker", "target", "ours", "action", "send", "delete"),
    [
        (PlanPolicy(existing="append"), 6, "5", 5, "skip", None, False),
        (PlanPolicy(existing="append"), 6, None, None, "create", "6", False),
        (PlanPolicy(existing="append"), None, "5", 5, "skip", None, False),
        (PlanPolicy(existing="update"), 6, None, None, "skip", None, False),
        (PlanPolicy(existing="update"), 6, "5", 5, "update", "6", False),
        (PlanPolicy(vanished="leave"), None, "5", 5, "skip", None, False),
        (PlanPolicy(vanished="zero", zeros="store"), None, "5", 5, "retract", "0", False),
        (PlanPolicy(vanished="zero", zeros="store"), None, "0", 0, "keep", None, False),
        (PlanPolicy(vanished="zero"), None, "5", 5, "retract", "5", True),
        (PlanPolicy(zeros="store"), 0, None, None, "create", "0", False),
        (
            PlanPolicy(zeros="store", keeps_insignificant_zeros=False),
            *(0, None, None, "hold", None, False),
        ),
        (PlanPolicy(zeros="skip"), 0, None, None, "keep", None, False),
        (PlanPolicy(zeros="skip"), 0, "5", 5, "update", "5", True),
        (PlanPolicy(conflict="tracker"), 6, "5", None, "update", "6", False),
        (PlanPolicy(conflict="tracker"), 6, None, 5, "create", "6", False),
        (PlanPolicy(conflict="tracker"), 0, "5", None, "conflict", None, False),
        (PlanPolicy(conflict="tracker"), None, "5", None, "foreign", None, False),
        (PlanPolicy(conflict="manual"), 6, "5", None, "skip", None, False),
        (PlanPolicy(adopt_stored_by=("somebody",)), 5, "5", None, "adopt", None, False),
        (PlanPolicy(adopt_stored_by=("else",)), 5, "5", None, "keep", None, False),
        (PlanPolicy(adopt_stored_by=("somebody",)), 6, "5", None, "conflict", None, False),
    ],
)
def test_a_policy_bends_the_table_only_where_it_says(  # noqa: PLR0917  # a line of a table
    policy: PlanPolicy,
    tracker: float | None,
    target: str | None,
    ours: float | None,
    action: str,
    send: str | None,
    delete: bool,
) -> None:
    asked, _ = cells("tracker | target | ours | mark\n - | - | - | ")
    asked = asked.with_columns(
        tracker_value=pl.lit(tracker, pl.Float64),
        current_value=pl.lit(target, pl.String),
        ledger_value=pl.lit(ours, pl.Float64),
    )

    planned = decide(asked, policy).row(0, named=True)

    assert (planned["action"], planned["send"], planned["delete"]) == (action, send, delete)


NUMBERS = st.one_of(st.none(), st.sampled_from([0.0, 1.0, 2.5, 5.0]))
TEXTS = st.one_of(st.none(), st.sampled_from(["0", "1", "2.5", "5.0", "text"]))
POLICIES = st.builds(
    PlanPolicy,
    existing=st.sampled_from(["merge", "append", "update"]),
    vanished=st.sampled_from(["retract", "zero", "leave"]),
    zeros=st.sampled_from(["as_element", "store", "skip"]),
    conflict=st.sampled_from(["ask", "tracker", "manual"]),
    adopt_stored_by=st.sampled_from([(), ("somebody",)]),
    keeps_insignificant_zeros=st.booleans(),
)


@given(
    POLICIES,
    st.lists(st.tuples(NUMBERS, TEXTS, NUMBERS, st.booleans(), st.booleans(), st.booleans())),
)
def test_every_cell_has_one_action_and_nothing_foreign_is_ever_removed(
    policy: PlanPolicy, drawn: list[tuple[float | None, str | None, float | None, bool, bool, bool]]
) -> None:
    columns = {
        "tracker_value": pl.Float64,
        "current_value": pl.String,
        "ledger_value": pl.Float64,
        "unknown": pl.Boolean,
        "zero_is_significant": pl.Boolean,
        "held": pl.Boolean,
    }
    asked = (
        pl.DataFrame(drawn, schema=columns, orient="row")
        .with_row_index("cell")
        .with_columns(
            in_image=pl.lit(value=True),
            stored_by=pl.lit("somebody"),
            comment=pl.lit(None, pl.String),
            hold_reason=pl.when("held").then(pl.lit("expired")),
        )
        .drop("held")
        .filter(
            pl.any_horizontal(
                pl.col("tracker_value", "current_value", "ledger_value").is_not_null()
            )
        )
    )

    plan = decide(asked, policy)

    assert plan["cell"].to_list() == asked["cell"].to_list()
    assert plan["action"].is_in(ACTIONS).all()
    removals = plan.filter("delete")
    assert removals["ledger_value"].null_count() == 0
    writing = plan.filter(pl.col("action").is_in(WRITING))
    assert writing["send"].null_count() == 0
    assert plan.filter(~pl.col("action").is_in(WRITING))["send"].null_count() == (
        plan.height - writing.height
    )
    assert writing.filter(pl.col("unknown") | pl.col("hold_reason").is_not_null()).is_empty()
