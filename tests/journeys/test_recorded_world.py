"""Held to real answers: what two DHIS2 servers counted goes through, cell by cell, and stays."""

from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

import polars as pl
import pytest

from pipeline.transform.rules.reasons import UNMAPPED_INDICATOR
from sandbox.state.world import World
from tests.support import recorded
from tests.support.deployments import Night, Post, outcomes, standing
from tests.support.recorded import PLAIN, SPLIT, Cell

# The servers round the last half up; the truth, counted apart from them, had cut it off.
ROUNDED_UP = {
    ("TGT_WEIGHT", "default", "LfQAQpndsKC", "202608"): (33.12, 33.13),
    ("TGT_WEIGHT", "default", "PKsSGqVCcOx", "202609"): (50.92, 50.93),
    ("TGT_WEIGHT", "default", "Yp1kZ7VBbPV", "202601"): (42.17, 42.18),
    ("TGT_WEIGHT", "default", "i1ERQAXy8Gl", "202507"): (54.67, 54.68),
    ("TGT_WEIGHT", "default", "oZKfBaTMePu", "202511"): (43.42, 43.43),
    ("TGT_WEIGHT", "default", "oZKfBaTMePu", "202608"): (65.17, 65.18),
    ("TGT_WEIGHT", "default", "rPt1jz7yhth", "202508"): (44.67, 44.68),
    ("TGT_WEIGHT", "default", "rPt1jz7yhth", "202605"): (62.47, 62.48),
    ("TGT_WEIGHT", "default", "uHMZskjPWpA", "202508"): (68.22, 68.23),
}
CELLS_OF = {
    "TGT_CASES": 746,
    "TGT_DOSES": 523,
    "TGT_WEIGHT": 321,
    "SHD_CASES": 146,
    "TGT_ENROL": 129,
    "TGT_DEATHS": 117,
}


class Journey(NamedTuple):
    style: str
    post: Post
    first: Night
    posts_of_the_first: int
    second: Night


@pytest.fixture(
    scope="module",
    params=[(version, style) for version in ("2.42", "2.43") for style in (PLAIN, SPLIT)],
    ids=lambda case: f"{case[0]} {case[1]}",
)
def journey(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Journey]:
    generation, style = request.param
    with recorded.recorded(tmp_path_factory.mktemp("home"), generation, style) as post:
        first = post.night()
        posts = post.posts
        yield Journey(style, post, first, posts, post.night())


def expected(style: str) -> dict[Cell, float]:
    """Give the truth as a server tells it; what is no cell to an insignificant zero is left out."""
    cells = recorded.truth()
    assert {cell: cells[cell] for cell in ROUNDED_UP} == {
        cell: exact for cell, (exact, _) in ROUNDED_UP.items()
    }
    cells |= {cell: rounded for cell, (_, rounded) in ROUNDED_UP.items()}
    if style == SPLIT:  # this indicator counts the events at which doses were given
        grid = "grid-disaggregated-PI_DIS_NOEXPORT"
        events = recorded.told(grid, "TGT_DOSES")
        assert set(events) == {cell for cell in cells if cell[0] == "TGT_DOSES"}
        cells |= events
    return {cell: number for cell, number in cells.items() if number}


def arrived(world: World) -> dict[Cell, float]:
    elements, combos = recorded.codes("dataElements"), recorded.codes("categoryOptionCombos")
    return {
        (
            elements[key.data_element],
            combos[key.category_option_combo],
            key.org_unit,
            key.period,
        ): float(text)
        for key, text in standing(world).items()
    }


def test_the_truth_has_as_many_cells_as_were_counted() -> None:
    cells = recorded.truth()

    assert Counter(cell[0] for cell in cells) == CELLS_OF
    assert sum(CELLS_OF.values()) == 1982
    assert Counter(cell[0] for cell, number in cells.items() if not number) == {"TGT_DOSES": 69}


def test_every_row_is_a_cell_or_a_reject_with_its_reason(journey: Journey) -> None:
    told = journey.first.transformed
    rejects = pl.read_parquet(journey.first.work.run.path / "rejects.parquet")
    names = {recorded.codes("programIndicators")[one] for one in rejects["program_indicator"]}

    assert (told.rows, told.accepted, told.rejects, told.values) == (2642, 1982, 660, 1982)
    assert names == {"PI_NOTARGET", "PI_BADTARGET"}
    assert set(rejects["reason"]) == {UNMAPPED_INDICATOR.sentence}


def test_the_target_holds_the_truth_cell_by_cell(journey: Journey) -> None:
    assert arrived(journey.post.world) == expected(journey.style)


def test_zeros_that_mean_nothing_there_are_not_sent(journey: Journey) -> None:
    zeros = 69 if journey.style == PLAIN else 0

    assert journey.first.actions == {"create": 1982 - zeros} | ({"keep": zeros} if zeros else {})


def test_every_cell_was_read_back(journey: Journey) -> None:
    told = outcomes(journey.first.work)

    assert journey.first.loaded.is_whole
    assert told["outcome"].to_list() == ["loaded"] * len(expected(journey.style))
    assert journey.first.loaded.requests == journey.posts_of_the_first


def test_every_value_was_stored_by_the_account_under_the_default_attribute_combo(
    journey: Journey,
) -> None:
    values = journey.post.world.values

    assert {one.stored_by for one in values.values()} == {"exchanger"}
    assert {key.attribute_option_combo for key in values} == {recorded.DEFAULT_COMBO}


def test_the_same_run_again_changes_nothing_and_sends_nothing(journey: Journey) -> None:
    assert journey.second.actions == {"keep": 1982}
    assert journey.second.loaded.requests == 0
    assert journey.post.posts == journey.posts_of_the_first
