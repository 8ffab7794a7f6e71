"""The org units of a level are named in few words, and none is left out."""

import polars as pl
import pytest

from pipeline.extract.rules.selectors import (
    MOST_NAMED_ORG_UNITS,
    OrgUnitSelector,
    name_org_units,
)


def country(regions: int, districts: int, clinics: int) -> pl.DataFrame:
    paths = ["/ouCountry01"]
    for region in (f"re{number:09}" for number in range(regions)):
        paths.append(f"/ouCountry01/{region}")
        for district in range(districts):
            named = f"{paths[0]}/{region}/{region[-2:]}di{district:07}"
            paths += [named, *(f"{named}/{named[-11:-5]}{clinic:05}" for clinic in range(clinics))]
    parts = pl.Series("path", paths).str.split("/").to_frame()
    return parts.select(
        id=pl.col("path").list.last(),
        path=pl.col("path").list.join("/"),
        level=pl.col("path").list.len().cast(pl.Int64) - 1,
    )


def test_a_few_org_units_are_named_one_by_one() -> None:
    known = country(2, 2, 3)
    wanted = known.filter(pl.col("level") == 4)

    assert name_org_units(wanted, known) == OrgUnitSelector(tuple(wanted["id"].sort()))


def test_many_org_units_are_named_by_their_lowest_ancestors() -> None:
    known = country(3, 5, 60)
    wanted = known.filter(pl.col("level") == 4).filter(pl.int_range(pl.len()) % 4 != 0)

    named = name_org_units(wanted, known)

    assert (named.level, len(named.ids), set(named.below)) == (4, 15, {60})


def test_ancestors_too_many_to_name_give_way_to_theirs() -> None:
    known = country(4, 100, 2)

    named = name_org_units(known.filter(pl.col("level") == 4), known)

    assert (named.level, len(named.ids), named.below) == (4, 4, (200,) * 4)


def test_a_sparse_choice_of_org_units_is_listed() -> None:
    known = country(3, 5, 60)
    wanted = known.filter(pl.col("level") == 4).filter(pl.int_range(pl.len()) % 2 != 0)

    named = name_org_units(wanted, known)

    assert (named.level, len(named.ids)) == (0, 450)
    assert wanted.height > MOST_NAMED_ORG_UNITS


def test_org_units_without_a_path_are_listed() -> None:
    known = country(3, 5, 60).with_columns(path=pl.lit(""))

    assert name_org_units(known.filter(pl.col("level") == 4), known).level == 0


@pytest.mark.parametrize(("number", "level"), [(0, 0), (1, 4)])
def test_one_more_than_an_address_has_room_for_is_named_by_ancestors(
    number: int, level: int
) -> None:
    known = country(1, 1, MOST_NAMED_ORG_UNITS + number)

    assert name_org_units(known.filter(pl.col("level") == 4), known).level == level


@pytest.mark.parametrize(("strays", "level"), [(200, 4), (201, 0)])
def test_ancestors_may_bring_half_as_many_strangers_as_are_wanted(strays: int, level: int) -> None:
    known = country(1, 1, 400 + strays)

    named = name_org_units(known.filter(pl.col("level") == 4).head(400), known)

    assert named.level == level
