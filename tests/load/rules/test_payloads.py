"""What leaves is cut by data set and period, and written in words that every server takes."""

import json
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.cells.key import KEY
from pipeline.load.rules.payloads import parts_of, payload


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


@pytest.mark.parametrize(
    ("rows", "most", "sizes"),
    [(1, 5, [1]), (5, 5, [5]), (6, 5, [3, 3]), (12, 5, [4, 4, 4]), (11, 5, [4, 4, 3])],
)
def test_parts_are_few_and_even(rows: int, most: int, sizes: list[int]) -> None:
    parts = parts_of(pl.DataFrame({"row": range(rows)}), most)

    assert [part.height for part in parts] == sizes
