"""Where an org unit goes is decided once: as it is listed, and else as the transfer says."""

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from pipeline.transform.rules.org_units import (
    Unlisted,
    judged_org_units,
    partners_of,
    target_org_units,
    with_target_org_unit,
)
from tests.support.frames import frame

LISTED = frame("""
    source_org_unit | target_org_unit | rule
    hill            | hill_2          |
    outreach        | bay             | merge
    elsewhere       | nowhere         |
""")
ASKED = ["hill", "bay", "outreach"]


def test_one_that_is_listed_goes_where_the_list_says_and_the_others_keep_their_id() -> None:
    asked = frame("""
        org_unit | name
        hill     | Hill
        bay      | Bay
        outreach | Outreach
    """)
    expected = frame("""
        org_unit | name     | target_org_unit
        hill     | Hill     | hill_2
        bay      | Bay      | bay
        outreach | Outreach | bay
    """)

    assert_frame_equal(with_target_org_unit(asked, LISTED, "same"), expected)


def test_one_that_is_not_listed_may_go_nowhere() -> None:
    placed = with_target_org_unit(pl.DataFrame({"org_unit": ASKED}), LISTED, "reject")

    assert placed["target_org_unit"].to_list() == ["hill_2", None, "bay"]


@pytest.mark.parametrize(
    ("unlisted", "expected"), [("same", ["hill_2", "bay", "bay"]), ("reject", ["hill_2", "bay"])]
)
def test_a_list_of_org_units_goes_the_same_way(unlisted: Unlisted, expected: list[str]) -> None:
    assert target_org_units(ASKED, LISTED, unlisted) == expected
    assert target_org_units([], LISTED, unlisted) == []


def test_without_a_list_everything_stays_where_it_is() -> None:
    assert target_org_units(ASKED, LISTED.clear(), "same") == ASKED
    assert target_org_units(ASKED, LISTED.clear(), "reject") == []


@pytest.mark.parametrize(("unlisted", "rule"), [("same", None), ("reject", "R06")])
def test_one_that_goes_nowhere_has_a_reason(unlisted: Unlisted, rule: str | None) -> None:
    known = pl.Series(["hill_2", "bay"])

    judged = judged_org_units([*ASKED, "elsewhere"], LISTED, unlisted, known)

    assert judged.rows() == [
        ("hill", "hill_2", None),
        ("bay", "bay" if rule is None else None, rule),
        ("outreach", "bay", None),
        ("elsewhere", None, "R07"),
    ]


@pytest.mark.parametrize(
    ("rules", "rejected"),
    [
        (("", ""), ["hill", "bay", "outreach"]),
        (("merge", ""), ["hill", "bay", "outreach"]),
        (("merge", "merge"), []),  # bay itself is not listed: the others are merged into it
    ],
)
def test_those_that_share_a_place_are_merged_only_where_the_list_says_so(
    rules: tuple[str, str], rejected: list[str]
) -> None:
    listed = pl.DataFrame(
        [("hill", "bay", rules[0]), ("outreach", "bay", rules[1])], LISTED.schema, orient="row"
    )

    judged = judged_org_units(ASKED, listed, "same", pl.Series(["bay"]))

    assert judged.filter(pl.col("rule_id") == "R17")["org_unit"].to_list() == rejected
    assert set(judged["target_org_unit"]) == {"bay"}  # what stands there is not known


def test_who_shares_a_place_is_asked_with_the_one_that_was_chosen() -> None:
    assert partners_of(["bay"], ASKED, LISTED, "same") == ["bay", "outreach"]
    assert partners_of(["hill"], ASKED, LISTED, "same") == ["hill"]
