"""An org unit lies below another one when that one's whole id stands on its path."""

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.cells.hierarchy import ancestor_at, ids_on_path, is_at_or_below
from tests.support.frames import frame

TREE = frame("""
    id     | path
    land   | /land
    north  | /land/north
    clinic | /land/north/clinic
    north2 | /land/north2
    lost   |
    hidden | -
""")


@pytest.mark.parametrize(
    ("roots", "below"),
    [
        (["land"], ["land", "north", "clinic", "north2"]),
        (["north"], ["north", "clinic"]),
        (["clinic", "north2"], ["clinic", "north2"]),
        (["nor", "/land", ""], []),
        ([], []),
    ],
)
def test_what_lies_at_or_below_some_roots(roots: list[str], below: list[str]) -> None:
    assert TREE.filter(is_at_or_below(roots))["id"].to_list() == below
    outside = TREE.filter(~is_at_or_below(roots))["id"].to_list()
    assert sorted([*outside, *below]) == sorted(TREE["id"])


def test_each_org_unit_may_have_roots_of_its_own() -> None:
    roots = pl.Series("roots", [["land"], ["clinic"], ["north", "x"], [], ["lost"], ["land"]])

    told = TREE.with_columns(roots).select(is_at_or_below(pl.col("roots"))).to_series()

    assert told.to_list() == [True, False, True, False, False, False]


def test_an_ancestor_is_found_by_its_level() -> None:
    first, third = (TREE.select(ancestor_at(level)).to_series().to_list() for level in (1, 3))

    assert first == ["land", "land", "land", "land", None, None]
    assert third == [None, None, "clinic", None, None, None]


@given(st.lists(st.text("abc", min_size=1), min_size=1), st.text("abc", min_size=1))
def test_a_root_is_found_exactly_where_its_id_stands(ids: list[str], root: str) -> None:
    tree = pl.DataFrame({"path": ["/" + "/".join(ids)]})

    assert tree.select(ids_on_path()).item().to_list() == ids
    assert tree.select(is_at_or_below([root])).item() == (root in ids)
