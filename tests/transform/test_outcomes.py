"""What became of a planned cell is read in the target, and whose fault it was in the answer."""

import polars as pl
import pytest

from pipeline.transform.cells import KEY
from pipeline.transform.outcomes import Complaint, blame, drift, read_back, reconcile
from tests.frames import frame

ROWS = frame("""
    data_element | period | org_unit | category_option_combo | attribute_option_combo
    de_cases     | 202601 | ou_a     | coc_m                 | default
    de_cases     | 202601 | ou_b     | coc_m                 | default
    de_cases     | 202602 | ou_b     | coc_f                 | default
    de_deaths    | 202602 | ou_a     | default               | default
""")
EVERY_ROW = (0, 1, 2, 3)


def complaint(code: str, arguments: str = "", indexes: tuple[int, ...] = EVERY_ROW) -> Complaint:
    return Complaint(code, f"the words of {code}", indexes, arguments)


@pytest.mark.parametrize(
    ("code", "arguments", "guilty"),
    [
        ("E8022", "ds_monthly-[ou_b]", [1, 2]),
        ("E8022", "ds_monthly-[ou_a, ou_b]", [0, 1, 2, 3]),
        ("E8020", "ds_monthly-[de_deaths]", [3]),
        ("E8021", "ds_monthly-[202602]", [2, 3]),
        ("E8023", "ds_monthly-[default]", [0, 1, 2, 3]),
        ("E8024", "ds_monthly-de_cases-[coc_f]", [2]),
        ("E8030", "ds_monthly-[202601, 202602]", [0, 1, 2, 3]),
        ("E8031", "ou_b-[202602]", [2]),
        ("E8033", "default-ou_a-[202602]", [3]),
        ("E8011", "[ou_a]", [0, 3]),
    ],
)
def test_a_refusal_of_the_whole_request_names_the_guilty_in_its_arguments(
    code: str, arguments: str, guilty: list[int]
) -> None:
    blamed = blame(ROWS, [complaint(code, arguments)])

    assert blamed["sentence"].is_not_null().arg_true().to_list() == guilty
    assert blamed["again"].arg_true().to_list() == [
        index for index in EVERY_ROW if index not in guilty
    ]


def test_a_refusal_that_names_nobody_blames_everybody_and_nothing_is_sent_again() -> None:
    blamed = blame(ROWS, [complaint("E8002", "[ds_one, ds_two]")])

    assert blamed["sentence"].to_list() == ["the words of E8002 (E8002)"] * 4
    assert not blamed["again"].any()


def test_a_refusal_outside_the_rows_says_nothing_about_any_of_them() -> None:
    blamed = blame(ROWS, [complaint("E8103", "ou_lost", indexes=(-1,))])

    assert blamed["sentence"].to_list() == [None] * 4
    assert not blamed["again"].any()


def test_complaints_about_single_rows_stay_with_their_rows() -> None:
    blamed = blame(ROWS, [complaint("E7612", indexes=(1, 2)), complaint("E7619", indexes=(2,))])

    assert blamed["sentence"].to_list() == [
        None,
        "the server does not know the org unit (E7612)",
        "the server does not know the org unit (E7612)",
        None,
    ]
    assert not blamed["again"].any()


def test_a_bad_value_named_by_its_index_leaves_the_others_alone() -> None:
    blamed = blame(ROWS, [complaint("E8122", "3-many-INTEGER-value_not_integer", indexes=(3,))])

    assert blamed["sentence"].is_not_null().to_list() == [False, False, False, True]
    assert not blamed["again"].any()


def test_the_only_row_of_a_request_is_guilty_of_its_refusal() -> None:
    blamed = blame(ROWS.head(1), [complaint("E7640", indexes=(0,))])

    assert blamed["sentence"].to_list() == ["the period is closed for data entry (E7640)"]


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
    standing = rows.select(KEY).with_columns(value=DRIFT["now"], comment=pl.lit("as it stands"))
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


def test_every_planned_cell_has_one_outcome() -> None:
    told = pl.DataFrame({"outcome": ["loaded", "refused", "loaded"]})

    assert reconcile(told, 3) == {"loaded": 2, "unchanged": 0, "drifted": 0, "refused": 1}
    with pytest.raises(AssertionError, match="vanished"):
        reconcile(told, 4)
