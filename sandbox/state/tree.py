"""The org unit tree: who is below whom, what a level or a group holds."""

from collections.abc import Iterable
from functools import cached_property

from sandbox.state.world import Json, World


class Tree:
    """The org units of a world at this moment."""

    def __init__(self, units: Iterable[Json], groups: Iterable[Json] = ()) -> None:
        self.units = {unit["id"]: unit for unit in units}
        self.groups = {
            key: [member["id"] for member in group.get("organisationUnits", [])]
            for group in groups
            for key in (group["id"], group.get("code"))
            if key
        }

    @cached_property
    def paths(self) -> dict[str, tuple[str, ...]]:
        """Every org unit with its ancestors from the root down to itself."""
        return {key: self._path(unit) for key, unit in self.units.items()}

    def _path(self, unit: Json) -> tuple[str, ...]:
        if unit.get("path"):
            return tuple(unit["path"].strip("/").split("/"))
        parent = self.units.get(unit.get("parent", {}).get("id", ""))
        return (*self._path(parent), unit["id"]) if parent else (unit["id"],)

    def level(self, unit: str) -> int:
        """The level of an org unit; the root is at 1."""
        return len(self.paths[unit])

    def within(self, unit: str, roots: Iterable[str]) -> bool:
        """Whether an org unit is one of `roots` or below one."""
        return not set(roots).isdisjoint(self.paths.get(unit, ()))

    def below(self, roots: Iterable[str]) -> list[str]:
        """`roots` and all that lies below them."""
        roots = set(roots)
        return [unit for unit, path in self.paths.items() if not roots.isdisjoint(path)]

    def roots(self) -> list[str]:
        """The org units at the top."""
        return [unit for unit, path in self.paths.items() if len(path) == 1]


def tree_of(world: World) -> Tree:
    """The tree of a world as its metadata has it now."""
    return Tree(
        world.metadata.get("organisationUnits", []),
        world.metadata.get("organisationUnitGroups", []),
    )
