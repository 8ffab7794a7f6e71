"""A cell of which a count could not be asked has no number that may be believed."""

import polars as pl

from pipeline.cells.bits import cell_number
from pipeline.transform.rules.lookups import Lookups
from pipeline.transform.rules.unknown import (
    known_form_cells,
    unknown_form_cells,
    with_unknown_cells,
)
from tests.support.frames import frame

SOURCES = frame("""
    program_indicator | form_cell
    pi_site           | 0
    pi_outreach       | 0
    pi_alone          | 2
    pi_unplaced       | -
    pi_first          | 1
""").with_columns(pl.col("form_cell").cast(pl.UInt64))
LOOKUPS = Lookups(SOURCES, pl.DataFrame(), pl.DataFrame())


def test_one_count_that_could_not_be_asked_makes_its_whole_form_cell_unknown() -> None:
    unknown = unknown_form_cells(LOOKUPS, ["pi_outreach", "pi_unplaced", "pi_elsewhere"])

    assert unknown["form_cell"].to_list() == [0]
    assert known_form_cells(LOOKUPS, unknown)["form_cell"].to_list() == [1, 2]


def test_where_everything_was_answered_every_form_cell_is_known() -> None:
    unknown = unknown_form_cells(LOOKUPS, [])

    assert unknown.is_empty()
    assert known_form_cells(LOOKUPS, unknown)["form_cell"].to_list() == [0, 1, 2]


def test_what_was_counted_of_an_unknown_form_cell_is_doubtful_in_every_place() -> None:
    numbers = dict.fromkeys(("period", "form_cell", "unit"), pl.UInt64)
    cells = pl.DataFrame([(0, 0, 1), (1, 0, 2), (0, 2, 1)], schema=numbers, orient="row").select(
        cell_number(pl.col("period"), pl.col("form_cell"), pl.col("unit"))
    )
    accepted = cells.with_columns(row="cell", value=pl.lit(1.0))
    unknown = pl.DataFrame({"form_cell": [0]}, schema={"form_cell": pl.UInt64})

    doubtful = with_unknown_cells(cells[:1], accepted, unknown)

    assert set(doubtful["cell"]) == set(cells["cell"][:2])
    assert doubtful.height == 2
