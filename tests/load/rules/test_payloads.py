"""What leaves is cut by data set and period, and written in words that every server takes."""

import json
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.cells.key import KEY
from pipeline.load.rules.payloads import after, first_chunk, parts_of, payload, writing
from schemas.load import LoadPlan
from tests.support.frames import frame
from tests.support.models import completed


def cell(**told: object) -> pl.DataFrame:
    usual = dict.fromkeys(KEY, "x") | {"send": "5", "delete": False, "comment": None}
    return pl.DataFrame({name: [one] for name, one in (usual | told).items()}).with_columns(
        pl.col("comment").cast(pl.String)
    )


def values(rows: pl.DataFrame) -> list[dict[str, Any]]:
    body = payload("ds_monthly", rows)
    assert body.isascii()
    told: dict[str, Any] = json.loads(body)
    assert told["dataSet"] == "ds_monthly"
    return list(told["dataValues"])


def test_a_value_has_all_five_parts_of_its_key_and_its_number_as_text() -> None:
    parts = dict(zip(KEY, ("de", "202601", "ou", "coc", "aoc"), strict=True))

    assert values(cell(**parts)) == [
        {
            "dataElement": "de",
            "period": "202601",
            "orgUnit": "ou",
            "categoryOptionCombo": "coc",
            "attributeOptionCombo": "aoc",
            "value": "5",
        }
    ]


def test_a_deletion_says_so_and_names_the_old_number() -> None:
    (told,) = values(cell(delete=True, send="7.0"))

    assert (told["value"], told["deleted"]) == ("7.0", True)


@given(st.text(min_size=1))
def test_a_comment_arrives_as_it_was_but_no_nul_and_no_blanks_leave(comment: str) -> None:
    (told,) = values(cell(comment=comment))

    expected = "" if "\ufffd" in comment else comment.replace("\0", "")
    assert told.get("comment", "") == (expected if told.get("comment") else "")
    assert ("comment" in told) == bool(expected.strip())


def test_a_comment_that_was_damaged_on_the_way_is_not_sent_back() -> None:
    (told,) = values(cell(comment="\ufffdt\ufffd"))

    assert "comment" not in told


@pytest.mark.parametrize("text", [" ", "", "5\0", "five", None])
def test_what_is_no_number_never_leaves(text: str | None) -> None:
    with pytest.raises(ValueError, match="no number"):
        payload("ds_monthly", cell(send=text).with_columns(pl.col("send").cast(pl.String)))


PLAN = frame("""
    data_set | period | org_unit | action
    ds_one   | 202601 | ou_a     | create
    ds_one   | 202601 | ou_b     | create
    ds_one   | 202601 | ou_c     | keep
    ds_one   | 202602 | ou_a     | update
    ds_one   | 202603 | ou_a     | create
    ds_one   | 202603 | ou_b     | create
    ds_one   | 202603 | ou_c     | retract
    ds_two   | 202601 | ou_a     | create
    ds_two   | 202601 | ou_b     | hold
""").with_columns(pl.lit("x").alias(part) for part in KEY if part not in {"period", "org_unit"})


def chunks(most_rows: int) -> list[list[str]]:
    shuffled = PLAN.sample(fraction=1, shuffle=True, seed=7)
    waiting, told = writing(completed(shuffled, LoadPlan)), []
    while not waiting.is_empty():
        chunk = first_chunk(waiting, len(told) + 1, most_rows)
        assert (chunk.number, chunk.data_set) == (len(told) + 1, chunk.rows["data_set"][0])
        told.append([f"{row['period']} {row['org_unit']}" for row in chunk.rows.to_dicts()])
        waiting = after(waiting, chunk.rows.height)
    return told


def test_small_periods_share_a_chunk_and_no_data_set_does() -> None:
    assert chunks(99) == [
        ["202601 ou_a", "202601 ou_b", "202602 ou_a", "202603 ou_a", "202603 ou_b", "202603 ou_c"],
        ["202601 ou_a"],
    ]


def test_a_period_is_whole_in_its_chunk_unless_it_is_too_large_for_one() -> None:
    assert chunks(4)[:2] == [
        ["202601 ou_a", "202601 ou_b", "202602 ou_a"],
        ["202603 ou_a", "202603 ou_b", "202603 ou_c"],
    ]
    assert chunks(2) == [
        ["202601 ou_a", "202601 ou_b"],
        ["202602 ou_a"],
        ["202603 ou_a", "202603 ou_b"],
        ["202603 ou_c"],
        ["202601 ou_a"],
    ]


@pytest.mark.parametrize(
    ("rows", "most", "sizes"),
    [(1, 5, [1]), (5, 5, [5]), (6, 5, [3, 3]), (12, 5, [4, 4, 4]), (11, 5, [4, 4, 3])],
)
def test_parts_are_few_and_even(rows: int, most: int, sizes: list[int]) -> None:
    parts = parts_of(pl.DataFrame({"row": range(rows)}), most)

    assert [part.height for part in parts] == sizes
