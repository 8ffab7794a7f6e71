"""A world from recordings: DHIS2's own metadata export and what its indicators answered."""

import gzip
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from sandbox.state.calendar import period_type
from sandbox.state.objects import Objects
from sandbox.state.register import Place, Register
from sandbox.state.tree import Tree
from sandbox.state.world import Json, Token, User, World

PASSWORD = "district"  # noqa: S105 - everybody's in an invented country, and no secret
AUTHORITIES = {
    "admin": {"ALL"},
    "exchanger": {
        *("F_DATAVALUE_ADD", "F_DATAVALUE_DELETE", "F_VIEW_EVENT_ANALYTICS", "F_EXPORT_DATA"),
        *("F_AGGREGATE_DATA_EXCHANGE_PUBLIC_ADD", "F_AGGREGATE_DATA_EXCHANGE_PRIVATE_ADD"),
    },
    "editexpired": {"F_EDIT_EXPIRED", "F_DATAVALUE_ADD"},
    "limited": {"F_DATAVALUE_ADD"},
    "powerless": set(),
}
USER_IDS = {
    "admin": "M5zQapPyTZI",
    "exchanger": "goTeoaDIa1i",
    "editexpired": "VBmI06eNmGz",
    "limited": "ZOg37Vrd93j",
    "powerless": "twCxiNu1lAD",
}


def load_recorded_world(folder: Path) -> World:
    """The world of a folder that holds `metadata.json` and `analytics/*.json`, gzipped or not.

    Every file under `analytics` is a grid, or has one as its `body`. Counts of single months at
    sites without children are added up for any other question; averages answer only what was
    recorded. The analytics tables are built. Totals are of mapped events only, as was recorded.
    """
    metadata = read_metadata(folder)
    tree = Tree(metadata["organisationUnits"])
    register = Register(tree.paths)
    for path in sorted((folder / "analytics").iterdir()):
        recorded = read_json(path)
        add_grid(register, recorded.get("body", recorded), metadata)
    world = World(metadata=metadata, answers=register, users=users_of(tree))
    world.totals_are_of_mapped = True
    world.built = register.snapshot()
    world.last_analytics_success = world.clock()
    return world


def read_metadata(folder: Path) -> dict[str, list[Json]]:
    """The objects of a metadata export by their kind."""
    found = [path for path in sorted(folder.iterdir()) if path.name.startswith("metadata.json")]
    if not found:
        raise FileNotFoundError("metadata.json")
    path = found[0]
    return {kind: listed for kind, listed in read_json(path).items() if isinstance(listed, list)}


def read_json(path: Path) -> Any:  # noqa: ANN401 - JSON may hold anything
    """What a JSON file holds, gzipped or not."""
    opened = gzip.open if path.suffix == ".gz" else open
    with opened(path, "rt", encoding="utf-8") as file:
        return json.load(file)


def add_grid(register: Register, grid: Json, metadata: dict[str, list[Json]]) -> None:
    """Add the numbers of a grid to the register; a data value set has none to add."""
    if "rows" not in grid:
        return
    columns = [header["name"] for header in grid["headers"]]
    categories = [name for name in columns if name not in ("dx", "pe", "ou", "value")]
    objects = Objects(metadata)
    parents = {unit.get("parent", {}).get("id") for unit in metadata["organisationUnits"]}
    for row in grid["rows"]:
        cell = dict(zip(columns, row, strict=True))
        indicator = objects.by_id[cell["dx"]]
        number = float(cell["value"])
        if indicator["aggregationType"] == "AVERAGE":
            register.recorded_means[cell["dx"], cell["pe"], cell["ou"]] = number
        elif (
            period_type(cell["pe"]) == "Monthly"
            and cell["ou"] not in parents
            and bool(categories) == is_disaggregated(indicator, objects)
        ):
            options = tuple(sorted(cell[category] for category in categories))
            register.count(cell["dx"], Place(cell["pe"], cell["ou"], options), number)


def is_disaggregated(indicator: Json, objects: Objects) -> bool:
    """Whether an indicator splits its count by categories."""
    combos = (indicator.get(name, {}).get("id", "") for name in ("categoryCombo", "attributeCombo"))
    return not all(objects.is_default_combo(combo) for combo in combos)


def users_of(tree: Tree) -> dict[str, User]:
    """The users of the recordings: all of them see the whole tree, `limited` its first branch.

    Every password is `district`; the token of `exchanger` is `token_of("exchanger")`.
    """
    roots = tuple(tree.roots())
    branches = sorted(
        (unit for unit in tree.units.values() if tree.level(unit["id"]) == len(roots) + 1),
        key=lambda unit: str(unit.get("code")),
    )
    first_branch = tuple(unit["id"] for unit in branches[:1])
    return {
        name: make_user(name, first_branch if name == "limited" else roots) for name in AUTHORITIES
    }


def make_user(name: str, units: Iterable[str]) -> User:
    """One of the known users, for these org units."""
    return User(
        username=name,
        id=USER_IDS[name],
        password=PASSWORD,
        tokens=(Token(token_of(name)),),
        authorities=frozenset(AUTHORITIES[name]),
        org_units=tuple(units),
        data_view_org_units=tuple(units),
    )


def token_of(name: str) -> str:
    """The personal access token of a user: the right length, and no secret."""
    return f"d2p_{name}_".ljust(54, "0")
