"""Undoing a run is a plan: earlier values come back where nobody touched them since."""

import polars as pl

from pipeline.cells.key import KEY
from pipeline.plan.rules import reasons
from pipeline.plan.rules.undo import cells_to_undo, with_undo_reasons
from schemas.plan import Plan
from tests.support.frames import frame
from tests.support.whole_frames import whole


def keyed(table: pl.DataFrame) -> pl.DataFrame:
    """Name the cells of a page by their element alone."""
    rest = (pl.lit("x").alias(name) for name in KEY if name != "data_element")
    return table.rename({"cell": "data_element"}).with_columns(rest)


def test_what_a_later_run_has_told_of_stays() -> None:
    written = frame(
        """
        cell | event     | value_before | is_later
        a    | loaded    | 3            | false
        b    | loaded    | -            | false
        c    | retracted | 4            | false
        d    | loaded    | 5            | true
        e    | adopted   | -            | false
        f    | loaded    | -            | false
        g    | loaded    | 6            | false
        """,
        value_before=pl.Float64,
    ).with_columns(is_later=pl.col("is_later") == "true")
    plan = frame(
        """
        cell | current_value | ledger_value | decision
        a    | 3             | 3            | -
        b    | -             | -            | -
        c    | 4             | 4            | -
        e    | 7             | -            | -
        f    | 8             | -            | -
        g    | 9             | 6            | tracker
        """,
        ledger_value=pl.Float64,
    )

    told = cells_to_undo(keyed(written), keyed(plan))

    assert told.select("data_element", "value", "given_back", "by_hand").rows() == [
        ("a", 3, False, False),
        ("b", None, False, False),
        ("c", 4, False, False),
        ("e", None, True, False),
        ("f", None, False, True),
        ("g", 6, False, True),
    ]


def test_an_undone_plan_says_what_it_is() -> None:
    page = frame("""
        cell | action   | reason_id           | send | delete | given_back | by_hand
        a    | update   | changed             | 3    | no     | no         | no
        b    | retract  | vanished            | 5    | yes    | no         | no
        c    | create   | new                 | 4    | no     | no         | no
        d    | keep     | same                | -    | no     | no         | no
        e    | retract  | vanished            | 7    | yes    | yes        | no
        f    | retract  | vanished            | 8    | yes    | no         | yes
        g    | conflict | changed_by_somebody | -    | no     | no         | no
        h    | hold     | expired             | -    | no     | no         | no
        i    | foreign  | theirs              | -    | no     | yes        | no
    """).with_columns(
        pl.col("delete", "given_back", "by_hand") == "yes", closes_ledger=pl.lit(value=False)
    )

    decided = keyed(page)
    told = with_undo_reasons(whole(decided, Plan), decided)

    assert told.select("action", "reason_id", "send", "delete", "closes_ledger").rows() == [
        ("update", "undone_back", "3", False, False),
        ("retract", "undone_taken_back", "5", True, False),
        ("create", "undone_again", "4", False, False),
        ("keep", "undone_already", None, False, False),
        ("close", "undone_given_back", None, False, True),
        ("conflict", "undone_by_hand", None, False, False),
        ("conflict", "changed_by_somebody", None, False, False),
        ("hold", "expired", None, False, False),
        ("foreign", "changed_by_somebody", None, False, False),
    ]
    assert told["reason"].to_list() == [reasons.SENTENCES[one] for one in told["reason_id"]]
