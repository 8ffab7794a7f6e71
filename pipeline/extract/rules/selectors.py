"""Name the org units of a level in few words: one by one, or all that lie below some ancestors."""

from dataclasses import dataclass

import polars as pl

from pipeline.cells.hierarchy import ancestor_at

# Ids of 12 letters each, with the separator: two thirds of an address, so that the rest fits too.
MOST_NAMED_ORG_UNITS = 340
MOST_STRAYS = 0.5  # of those wanted; what comes for the others is read and left aside


@dataclass(frozen=True)
class OrgUnitSelector:
    """Org units of one level: `ids` themselves or, with `level`, all of that level below `ids`.

    `below` counts these, one number per ancestor; it is empty for a plain list.
    """

    ids: tuple[str, ...]
    level: int = 0
    below: tuple[int, ...] = ()


def listed_by_level(org_units: pl.DataFrame) -> list[OrgUnitSelector]:
    """Org units (id, level) one by one, those of each level apart."""
    groups = org_units.sort("level", "id").partition_by("level", maintain_order=True)
    return [OrgUnitSelector(tuple(group["id"])) for group in groups]


def name_org_units(wanted: pl.DataFrame, known: pl.DataFrame) -> OrgUnitSelector:
    """Org units of one level, named by the lowest ancestors that an address has room for.

    Both frames: id, path, level; `known` has every org unit of the server. A plain list is given
    when it is short, or when too many org units that nobody wants lie below those ancestors.
    """
    listed = OrgUnitSelector(tuple(wanted["id"].sort()))
    if len(listed.ids) <= MOST_NAMED_ORG_UNITS:
        return listed
    level = int(wanted["level"][0])
    peers = known.filter(pl.col("level") == level)
    for depth in range(level - 1, 0, -1):
        above = ancestor_at(depth)
        ancestors = wanted.select(ancestor=above)["ancestor"]
        if ancestors.null_count() or ancestors.n_unique() > MOST_NAMED_ORG_UNITS:
            continue
        counted = (
            peers.select(ancestor=above)
            .filter(pl.col("ancestor").is_in(ancestors.unique().implode()))
            .group_by("ancestor")
            .len()
            .sort("ancestor")
        )
        if counted["len"].sum() > wanted.height * (1 + MOST_STRAYS):
            return listed
        return OrgUnitSelector(tuple(counted["ancestor"]), level, tuple(counted["len"]))
    return listed
