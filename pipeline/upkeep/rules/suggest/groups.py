"""Find the groups that name the suggested indicators, and nothing else."""

from collections.abc import Iterable
from typing import NamedTuple

from schemas.metadata import Json


class Named(NamedTuple):
    """What the configuration asks for: ids of groups, and of single indicators."""

    groups: list[str]
    indicators: list[str]


def choose_groups(suggested: Iterable[str], groups: Iterable[Json]) -> Named:
    """Name every suggested indicator, by a group where all its members are suggested.

    A group with a member that was not suggested is not named: its rows would become rejects.
    """
    wanted = set(suggested)
    members = {
        group["id"]: {one["id"] for one in group.get("programIndicators") or ()} for group in groups
    }
    whole = {group: inside for group, inside in members.items() if inside and inside <= wanted}
    return Named(sorted(whole), sorted(wanted.difference(*whole.values())))
