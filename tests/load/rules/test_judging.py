"""What became of a planned cell is read in the target; the answer only tells why."""

import polars as pl
import pytest

from pipeline.cells.key import KEY
from pipeline.load.rules.complaints import ImportConflict
from pipeline.load.rules.judging import (
    NOT_WRITTEN,
    Ending,
    Reply,
    drift,
    given_up,
    judge,
    read_back,
    without_a_request,
)
from tests.support.frames import frame

# planned: what the plan saw there; now: what stands there; send and delete: what was meant.
DRIFT = frame("""
    planned | now  | send | delete | state      | arrived
    -       | -    | 5    | no     | as_planned | no
    -       | 5    | 5    | no     | done       | yes
    -       | 5.0  | 5    | no     | done       | yes
    -       | 7    | 5    | no     | drifted    | no
    4       | 4    | 5    | no     | as_planned | no
    4       | 4.0  | 5    | no     | as_planned | no
    4       | -    | 5    | no     | drifted    | no
    4       | text | 5    | no     | drifted    | no
    text    | text | 5    | no     | as_planned | no
    4       | 4    | 4    | yes    | as_planned | no
    4       | -    | 4    | yes    | done       | yes
    4       | 6    | 4    | yes    | drifted    | no
    4       | 4    | 4.0  | no     | as_planned | yes
""")


def rows_and_target() -> tuple[pl.DataFrame, pl.DataFrame]:
    rows = DRIFT.select(
        *(pl.lit(part).alias(part) for part in KEY if part != "org_unit"),
        org_unit=pl.int_range(pl.len()).cast(pl.String),
        current_value="planned",
        send="send",
        delete=pl.col("delete") == "yes",
        comment=pl.lit("as planned"),
    )
    standing = rows.select(KEY).with_columns(
        value=DRIFT["now"], comment=pl.lit("as it stands"), stored_by=pl.lit("tally")
    )
    current = standing.drop_nulls("value")
    return rows, current


def test_a_cell_is_as_planned_done_or_drifted() -> None:
    assert drift(*rows_and_target())["state"].to_list() == DRIFT["state"].to_list()


def test_the_comment_that_stands_is_the_one_to_be_kept() -> None:
    seen = drift(*rows_and_target())

    assert set(seen.filter(pl.col("now").is_not_null())["comment"]) == {"as it stands"}
    assert seen.filter(pl.col("now").is_null())["comment"].null_count() == 3


def test_a_value_has_arrived_when_the_target_holds_what_was_meant() -> None:
    arrived = read_back(*rows_and_target())["arrived"]

    assert arrived.to_list() == (DRIFT["arrived"] == "yes").to_list()


def test_what_needs_no_request_is_told_at_once() -> None:
    told = without_a_request(drift(*rows_and_target()))

    assert told["outcome"].value_counts().sort("outcome").rows() == [
        ("drifted", 4),
        ("unchanged", 3),
    ]


def test_a_number_that_another_typed_meanwhile_is_not_ours() -> None:
    rows, current = rows_and_target()
    theirs = current.with_columns(stored_by=pl.lit("clerk"))
    unknown = current.with_columns(stored_by=pl.lit(None, pl.String))

    assert read_back(rows, theirs, by="tally")["arrived"].to_list() == [
        meant and delete
        for meant, delete in zip(DRIFT["arrived"] == "yes", DRIFT["delete"] == "yes", strict=True)
    ]
    assert read_back(rows, unknown, by="tally")["arrived"].sum() == 4


# Four cells are sent; `now` is what stands there afterwards, `blamed` whom the server names.
SENT = """
    now | ended     | status | blamed | fates
    yes | answered  | ERROR  | -      | loaded loaded loaded loaded
    yes | lost      | LOST   | -      | loaded loaded loaded loaded
    no  | answered  | ERROR  | 1      | again refused again again
    no  | answered  | ERROR  | -      | together together together together
    no  | answered  | yes    | -      | together together together together
    no  | too_large | -      | -      | again again again again
    no  | lost      | LOST   | -      | again again again again
    no  | busy      | BUSY   | -      | again again again again
    no  | denied    | ERROR  | -      | refused refused refused refused
    one | answered  | yes    | -      | loaded refused refused refused
    one | answered  | ERROR  | 1      | loaded refused again again
    one | lost      | LOST   | -      | loaded again again again
    bad | answered  | ERROR  | -      | drifted together together together
"""


@pytest.mark.parametrize("case", frame(SENT).to_dicts(), ids=str)
def test_the_target_tells_what_became_of_a_request_and_the_answer_why(
    case: dict[str, str | None],
) -> None:
    rows = pl.DataFrame(
        {part: ["a", "b", "c", "d"] if part == "org_unit" else ["x"] * 4 for part in KEY}
    ).with_columns(current_value=pl.lit("1"), send=pl.lit("5"), delete=False, comment=None)
    standing = {
        "yes": ["5", "5", "5", "5"],
        "no": ["1", "1", "1", "1"],
        "one": ["5", "1", "1", "1"],
        "bad": ["7", "1", "1", "1"],
    }[str(case["now"])]
    current = rows.select(
        KEY, value=pl.Series(standing), comment=pl.lit(None), stored_by=pl.lit("x")
    )
    complaints = [ImportConflict("E8022", "no", (0, 1, 2, 3), "x-[b]")] if case["blamed"] else []
    said = None if case["status"] == "yes" else f"the server answered {case['status']}"
    ended: Ending = case["ended"]  # type: ignore[assignment]  # the table names endings

    verdict = judge(rows, current, Reply(ended, complaints, said))

    fates = dict(verdict.told.select("org_unit", "outcome").rows())
    fates |= dict.fromkeys(verdict.again["org_unit"], "again")
    fates |= dict.fromkeys(verdict.together["org_unit"], "together")
    assert " ".join(fates[one] for one in "abcd") == case["fates"]


@pytest.mark.parametrize(
    ("ended", "fate"),
    [("answered", "refused"), ("too_large", "refused"), ("lost", "again"), ("busy", "again")],
)
def test_a_cell_that_is_alone_in_its_request_is_judged_for_itself(ended: Ending, fate: str) -> None:
    rows = pl.DataFrame({part: ["x"] for part in KEY}).with_columns(
        current_value=pl.lit(None, pl.String), send=pl.lit("5"), delete=False, comment=None
    )
    current = pl.DataFrame(schema=dict.fromkeys([*KEY, "value", "comment", "stored_by"], pl.String))

    verdict = judge(rows, current, Reply(ended, (), "the server answered so"))

    assert verdict.together.is_empty()
    assert verdict.again.height == (fate == "again")
    assert verdict.told["reason"].to_list() == ["the server answered so"] * (fate == "refused")


def test_cells_that_nobody_can_tell_apart_are_refused_with_the_last_words() -> None:
    two = pl.DataFrame({part: ["x", "y"] for part in KEY}).with_columns(
        said=pl.Series([None, "the server answered ERROR"], dtype=pl.String)
    )
    together = "refused together with other cells, and the server does not say whose fault it is"

    assert given_up(two)["reason"].to_list() == [
        f"{together}: {NOT_WRITTEN}",
        f"{together}: the server answered ERROR",
    ]
    assert given_up(two[1:])["reason"].to_list() == ["the server answered ERROR"]
