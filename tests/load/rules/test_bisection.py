"""The cells that a server will not take are found in few requests, and all others are written."""

from itertools import product

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.cells.key import KEY
from pipeline.load.rules.bisection import DIMENSIONS, RefusalBudget, bisect, halves

CELLS = pl.DataFrame(
    [
        (f"de_{element}", f"2026{month:02}", f"ou_{site:02}", f"coc_{combo}", "aoc", "no")
        for month, site, element, combo in product(range(1, 4), range(30), range(4), range(2))
    ],
    schema=[*KEY, "said"],
    orient="row",
)
Cell = tuple[str, ...]


class Server:
    """Refuses every request that holds a guilty cell, and never says which one."""

    def __init__(self, guilty: pl.DataFrame) -> None:
        self.guilty = set(guilty.select(KEY).rows())
        self.requests = 0
        self.written: set[Cell] = set()
        self.refused: set[Cell] = set()

    def __call__(self, rows: pl.DataFrame) -> pl.DataFrame:
        self.requests += 1
        cells = set(rows.select(KEY).rows())
        assert not cells & self.written, "a cell was written twice"
        if not cells & self.guilty:
            self.written |= cells
        elif len(cells) == 1:
            self.refused |= cells
        else:
            return rows
        return rows.clear()


def parted(server: Server) -> pl.DataFrame:
    return bisect(CELLS, server, RefusalBudget())


@pytest.mark.parametrize(
    ("guilty", "most"),
    [
        pytest.param(pl.int_range(pl.len()) == 417, 20, id="one cell"),
        pytest.param(pl.col("org_unit") == "ou_17", 20, id="a clinic"),
        pytest.param(pl.col("org_unit").is_in(["ou_03", "ou_21"]), 50, id="two clinics"),
        pytest.param(
            pl.col("org_unit").is_in(["ou_03", "ou_11", "ou_12", "ou_21"]), 100, id="four clinics"
        ),
        pytest.param(pl.int_range(pl.len()) % 97 == 5, 150, id="eight cells here and there"),
        pytest.param(pl.col("period") == "202602", 80, id="a period"),
        pytest.param(pl.col("data_element") == "de_2", 45, id="an element"),
        pytest.param(
            (pl.col("data_element") == "de_2") & (pl.col("category_option_combo") == "coc_1"),
            50,
            id="a combo of an element",
        ),
    ],
)
def test_whatever_is_guilty_all_others_are_written(guilty: pl.Expr, most: int) -> None:
    server = Server(CELLS.filter(guilty))

    left = parted(server)

    assert server.written == set(CELLS.filter(~guilty).select(KEY).rows())
    assert server.refused | set(left.select(KEY).rows()) == server.guilty
    assert server.requests <= most


def test_a_server_that_refuses_everything_is_not_asked_for_long() -> None:
    server = Server(CELLS)

    left = parted(server)

    assert server.requests == 24
    assert left.height == CELLS.height


def test_a_load_loses_hope_and_finds_it_again() -> None:
    refusal_budget = RefusalBudget(most=3)
    never, always = Server(CELLS), Server(CELLS.clear())

    assert bisect(CELLS, never, refusal_budget).height == CELLS.height
    assert (never.requests, refusal_budget.left) == (3, 0)
    assert bisect(CELLS, always, refusal_budget).height == CELLS.height
    assert always.requests == 0

    refusal_budget.record(any_was_taken=True)
    assert bisect(CELLS, always, refusal_budget).is_empty()


@given(st.sets(st.integers(0, CELLS.height - 1), max_size=4))
def test_no_guilty_cell_is_written_and_hardly_an_innocent_one_stays(
    guilty: set[int],
) -> None:
    server = Server(CELLS[sorted(guilty)])

    left = {*parted(server).select(KEY).rows()}

    assert not server.written & server.guilty
    assert server.refused <= server.guilty <= server.refused | left
    assert server.written | server.refused | left == set(CELLS.select(KEY).rows())
    assert server.requests <= 20 + 25 * len(guilty)
    assert left <= server.guilty or len(server.guilty) > 1
    assert len(left - server.guilty) <= 24


@pytest.mark.parametrize("along", range(4))
def test_halves_are_cut_along_the_dimension_asked_for(along: int) -> None:
    first, second = halves(CELLS, along)

    assert first.height + second.height == CELLS.height
    assert min(first.height, second.height) * 3 >= CELLS.height
    assert not set(first[DIMENSIONS[along]]) & set(second[DIMENSIONS[along]])
