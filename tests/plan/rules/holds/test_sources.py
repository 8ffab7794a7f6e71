"""A count is only written where it is clear whose it is, and that it counts once."""

import polars as pl

from pipeline.plan.rules.holds.sources import (
    counted_twice,
    differing_sites,
    doubtful_sources,
    strange_levels,
    with_source_holds,
)
from tests.support.frames import frame

NONE_LISTED = pl.Series(dtype=pl.String)
HERE = frame(
    """
    id     | code | name        | path                 | level
    land   | -    | Landia      | /land                | 1
    north  | -    | North       | /land/north          | 2
    south  | -    | South       | /land/south          | 2
    hill   | -    | Hill clinic | /land/north/hill     | 3
    bay    | -    | Bay clinic  | /land/north/bay      | 3
    lake   | 0012 | Lake clinic | /land/north/lake     | 3
    river  | -    | River       | /land/north/river    | 3
    ward   | -    | Bay ward    | /land/north/bay/ward | 4
    """,
    level=pl.Int64,
)
THERE = frame("""
    id     | code | name          | path
    land   | -    | Landia        | /land
    north  | -    | North         | /land/north
    n_too  | -    | NORTH         | /land/n_too
    south  | -    | South         | /land/south
    hill   | -    | Market post   | /land/south/hill
    bay    | -    | Bay health    | /land/n_too/bay
    lake   | 0012 | Lac           | /land/south/lake
    river  | -    | RIVER         | /land/south/river
""")


def going(*org_units: str) -> pl.DataFrame:
    """Org units of the source that keep their id."""
    return pl.DataFrame({"org_unit": org_units, "target_org_unit": org_units})


def test_an_id_with_another_name_and_another_parent_is_another_site() -> None:
    placed = going("land", "hill", "bay", "lake", "river", "ward")

    differing = differing_sites(placed, NONE_LISTED, HERE, THERE)

    assert dict(differing.rows()) == {"hill": True, "bay": False, "lake": False}


def test_where_somebody_wrote_down_where_it_goes_there_is_no_doubt() -> None:
    listed = pl.Series(["hill"])

    assert differing_sites(going("hill"), listed, HERE, THERE).is_empty()
    moved = pl.DataFrame({"org_unit": ["hill"], "target_org_unit": ["river"]})
    assert differing_sites(moved, NONE_LISTED, HERE, THERE).is_empty()


def test_a_level_that_is_not_that_of_the_path_is_strange() -> None:
    wrong = HERE.with_columns(level=pl.when(pl.col("id") == "bay").then(2).otherwise("level"))

    assert strange_levels(HERE).is_empty()
    assert strange_levels(wrong)["id"].to_list() == ["bay"]


def test_each_doubt_has_its_reason_and_an_org_unit_that_goes_nowhere_none() -> None:
    wrong = HERE.with_columns(level=pl.lit(1))
    placed = pl.concat(
        [going("land", "hill"), frame("org_unit | target_org_unit\n bay | -\n lake | river")]
    )

    judged = doubtful_sources(placed, NONE_LISTED, wrong, THERE)

    assert dict(judged.rows()) == {"hill": "another_site", "river": "level_not_of_path"}


ASSIGNED = frame("""
    data_set | org_unit
    monthly  | north
    monthly  | bay
    monthly  | ward
    monthly  | hill
    doses    | bay
    weekly   | land
    weekly   | ward
""")


def test_a_form_counts_twice_where_one_below_it_is_filled_too() -> None:
    twice = counted_twice(going("land", "hill", "bay", "ward"), HERE, ASSIGNED)

    assert twice.rows() == [("monthly", "bay"), ("weekly", "land")]


def test_org_units_beside_each_other_and_those_that_go_nowhere_count_once() -> None:
    nowhere = pl.concat([going("bay"), frame("org_unit | target_org_unit\n ward | -")])

    assert counted_twice(going("hill", "bay", "lake"), HERE, ASSIGNED).is_empty()
    assert counted_twice(nowhere, HERE, ASSIGNED).is_empty()


def test_two_that_are_put_into_one_cell_count_twice_there() -> None:
    placed = frame("""
        org_unit | target_org_unit
        bay      | hill
        ward     | hill
    """)

    assert counted_twice(placed, HERE, ASSIGNED).rows() == [("monthly", "hill")]


def test_a_doubt_holds_cells_of_the_image_before_any_other_reason() -> None:
    cells = frame("""
        data_set | org_unit | image | hold_reason | held
        monthly  | hill     | yes   | expired     | another_site
        monthly  | bay      | yes   | -           | counted_twice
        doses    | bay      | yes   | -           | -
        monthly  | lake     | yes   | closed      | closed
        monthly  | hill     | no    | -           | -
    """).with_columns(in_image=pl.col("image") == "yes")
    by_site = frame("org_unit | source_hold\n hill | another_site")
    by_form = frame("data_set | org_unit\n monthly | bay")

    judged = with_source_holds(cells.drop("held"), by_site, by_form)

    assert judged["hold_reason"].to_list() == cells["held"].to_list()
    assert judged.columns == ["data_set", "org_unit", "image", "hold_reason", "in_image"]
