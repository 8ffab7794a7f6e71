"""What became of a planned cell is read in the target; the answer only tells why."""

import polars as pl
import pytest

from pipeline.cells.key import KEY
from pipeline.load.rules.complaints import ImportConflict
from pipeline.load.rules.judging import (
    LEFT_THE_DATA_SET,
    NOT_WRITTEN,
    Ending,
    Reply,
    arrived,
    drift,
    given_up,
    judge,
    without_a_form,
)
from schemas.frames import checked, empty
from schemas.load import ChunkRows, NumberedOutcomes
from schemas.values import PackedCurrentValues
from tests.support.frames import frame
from tests.support.models import completed

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

NO_FORM = pl.DataFrame(schema={"data_set": pl.String, "org_unit": pl.String})


def rows_and_target() -> tuple[pl.DataFrame, pl.DataFrame]:
    rows = DRIFT.select(
        *(pl.lit(part).alias(part) for part in KEY if part != "org_unit"),
        org_unit=pl.int_range(pl.len()).cast(pl.String),
        current_value="planned",
        send="send",
        delete=pl.col("delete") == "yes",
        comment=pl.lit("as planned"),
        data_set=pl.lit("form"),
    )
    whole = completed(rows, ChunkRows)
    return whole, standing(whole.with_columns(value=DRIFT["now"], stored_by=pl.lit("tally")))


def standing(cells: pl.DataFrame) -> pl.DataFrame:
    """Give the target's side of rows with a `value`; none where that is null."""
    commented = cells.drop_nulls("value").with_columns(comment=pl.lit("as it stands"))
    return completed(commented, PackedCurrentValues)


def test_a_cell_is_as_planned_or_has_an_outcome_at_once() -> None:
    words = {"as_planned": "-", "done": "unchanged", "drifted": "drifted"}
    ready, others = drift(*rows_and_target())

    outcomes = dict(others.select("org_unit", "outcome").rows())
    outcomes |= dict.fromkeys(ready["org_unit"], "-")
    assert [outcomes[str(at)] for at in range(DRIFT.height)] == [
        words[state] for state in DRIFT["state"]
    ]


def test_rows_and_outcomes_keep_the_shape_of_their_models() -> None:
    rows, current = rows_and_target()
    ready, others = drift(rows, current)
    verdict = judge(rows, current, Reply("answered", (), "no"))

    for some in (ready, verdict.again, verdict.together):
        checked(some, ChunkRows)
    for some in (others, verdict.outcomes, given_up(ready), without_a_form(ready, NO_FORM)):
        checked(some, NumberedOutcomes)


def test_the_comment_that_stands_is_the_one_to_be_kept() -> None:
    rows, current = rows_and_target()
    comments = drift(rows, current).ready.select("cell", "comment")

    there = comments.join(current, on="cell", how="semi")
    assert set(there["comment"]) == {"as it stands"}
    assert comments.join(there, on="cell", how="anti")["comment"].to_list() == [None]


def test_a_value_has_arrived_when_the_target_holds_what_was_meant() -> None:
    assert arrived(*rows_and_target()).to_list() == (DRIFT["arrived"] == "yes").to_list()


def test_a_row_whose_org_unit_left_the_data_set_is_refused_by_name() -> None:
    rows, _ = rows_and_target()
    assigned = NO_FORM.vstack(rows.select("data_set", "org_unit")[1:])

    outcomes = without_a_form(rows, assigned)

    assert outcomes.select("org_unit", "outcome", "reason").rows() == [
        ("0", "refused", LEFT_THE_DATA_SET)
    ]


def test_a_number_that_another_typed_meanwhile_is_not_ours() -> None:
    rows, current = rows_and_target()
    theirs = current.with_columns(stored_by=pl.lit("clerk"))
    unknown = current.with_columns(stored_by=pl.lit(None, pl.String))

    assert arrived(rows, theirs, by="tally").to_list() == [
        meant and delete
        for meant, delete in zip(DRIFT["arrived"] == "yes", DRIFT["delete"] == "yes", strict=True)
    ]
    assert arrived(rows, unknown, by="tally").sum() == 4


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
    rows = completed(
        pl.DataFrame(
            {part: ["a", "b", "c", "d"] if part == "org_unit" else ["x"] * 4 for part in KEY}
        ).with_columns(current_value=pl.lit("1"), send=pl.lit("5"), delete=False),
        ChunkRows,
    )
    values = {
        "yes": ["5", "5", "5", "5"],
        "no": ["1", "1", "1", "1"],
        "one": ["5", "1", "1", "1"],
        "bad": ["7", "1", "1", "1"],
    }[str(case["now"])]
    current = standing(rows.with_columns(value=pl.Series(values), stored_by=pl.lit("x")))
    complaints = [ImportConflict("E8022", "no", (0, 1, 2, 3), "x-[b]")] if case["blamed"] else []
    said = None if case["status"] == "yes" else f"the server answered {case['status']}"
    ended: Ending = case["ended"]  # type: ignore[assignment]  # the table names endings

    verdict = judge(rows, current, Reply(ended, complaints, said))

    fates = dict(verdict.outcomes.select("org_unit", "outcome").rows())
    fates |= dict.fromkeys(verdict.again["org_unit"], "again")
    fates |= dict.fromkeys(verdict.together["org_unit"], "together")
    assert " ".join(fates[one] for one in "abcd") == case["fates"]


@pytest.mark.parametrize(
    ("ended", "fate"),
    [("answered", "refused"), ("too_large", "refused"), ("lost", "again"), ("busy", "again")],
)
def test_a_cell_that_is_alone_in_its_request_is_judged_for_itself(ended: Ending, fate: str) -> None:
    one = pl.DataFrame({part: ["x"] for part in KEY}).with_columns(send=pl.lit("5"), delete=False)
    rows = completed(one, ChunkRows)

    verdict = judge(rows, empty(PackedCurrentValues), Reply(ended, (), "the server answered so"))

    assert verdict.together.is_empty()
    assert verdict.again.height == (fate == "again")
    assert verdict.outcomes["reason"].to_list() == ["the server answered so"] * (fate == "refused")


def test_cells_that_nobody_can_tell_apart_are_refused_with_the_last_words() -> None:
    two = completed(
        pl.DataFrame({part: ["x", "y"] for part in KEY}).with_columns(
            said=pl.Series([None, "the server answered ERROR"], dtype=pl.String)
        ),
        ChunkRows,
    )
    together = "refused together with other cells, and the server does not say whose fault it is"

    assert given_up(two)["reason"].to_list() == [
        f"{together}: {NOT_WRITTEN}",
        f"{together}: the server answered ERROR",
    ]
    assert given_up(two[1:])["reason"].to_list() == ["the server answered ERROR"]
