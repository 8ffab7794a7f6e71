"""An analytics request, read as DHIS2 reads it: unknown items are dropped in silence."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from sandbox.messages.envelopes import RefusalError
from sandbox.state.calendar import months_between, period_type, relative_periods
from sandbox.state.objects import Objects
from sandbox.state.tree import Tree

CONFLICT = 409
ITEM_KINDS = ("programIndicators", "dataElements", "indicators")
USER_UNITS = ("USER_ORGUNIT", "USER_ORGUNIT_CHILDREN", "USER_ORGUNIT_GRANDCHILDREN")


@dataclass(frozen=True)
class AnalyticsQuery:
    """A readable request. `columns` are the dimensions after dx: co, then as asked.

    `options` says, for each category asked for or filtered by, which of its options count.
    A dimension that is not among the columns is summed over.
    """

    items: list[str]
    periods: list[str]
    org_units: list[str]
    columns: list[str]
    options: dict[str, set[str]] = field(default_factory=dict)
    parameters: dict[str, str] = field(default_factory=dict)

    def flag(self, name: str) -> bool:
        """Whether a parameter says true."""
        return self.parameters.get(name, "").lower() == "true"

    def scheme(self, *names: str) -> str:
        """The first scheme that is set among parameters, UID otherwise."""
        return next((self.parameters[name] for name in names if self.parameters.get(name)), "UID")


def read_query(
    parameters: Iterable[tuple[str, str]],
    objects: Objects,
    tree: Tree,
    today: date,
    user_units: Iterable[str],
) -> AnalyticsQuery:
    """Read a request. Raises `RefusalError` as DHIS2 does: E7124, E7611, E7143, E7146."""
    parameters = list(parameters)
    dimensions, filters = _members(parameters, "dimension"), _members(parameters, "filter")
    single = {name: text for name, text in parameters if name not in ("dimension", "filter")}
    asked = {**filters, **dimensions}
    by_code = single.get("inputIdScheme", "").upper() == "CODE"
    reader = DimensionReader(objects, tree, by_code=by_code)
    items = reader.items(asked["dx"]) if "dx" in asked else []
    periods = read_periods(asked.get("pe", []), single, today)
    units = reader.units(asked["ou"], list(user_units)) if "ou" in asked else list(user_units)
    if not periods:
        raise RefusalError(
            CONFLICT, "A end date was not specified in periods, dimensions, filters", "E7146"
        )
    columns = [name for name in dimensions if name != "dx"]
    return AnalyticsQuery(
        items=items,
        periods=periods,
        org_units=units,
        columns=sorted(columns, key=lambda name: name != "co"),
        options=reader.options(asked),
        parameters=single,
    )


def _members(parameters: Iterable[tuple[str, str]], wanted: str) -> dict[str, list[str]]:
    """What stands after the colons of `dimension=` or `filter=`, by dimension."""
    members: dict[str, list[str]] = {}
    for name, text in parameters:
        if name == wanted:
            dimension, _, listed = text.partition(":")
            members.setdefault(dimension, []).extend(part for part in listed.split(";") if part)
    return members


def read_periods(listed: list[str], single: dict[str, str], today: date) -> list[str]:
    """The periods asked for; one that is no period refuses the request (E7611)."""
    periods: list[str] = []
    for text in listed:
        named = relative_periods(text, today)
        if not named and not period_type(text):
            raise RefusalError(CONFLICT, f"Period not valid: `{text}`", "E7611")
        periods.extend(named or [text])
    if not listed and single.get("startDate") and single.get("endDate"):
        first, last = (date.fromisoformat(single[name]) for name in ("startDate", "endDate"))
        periods = months_between(first, last)
    return list(dict.fromkeys(periods))


@dataclass
class DimensionReader:
    """Reads the members of dimensions, by id or code; unknown ones are dropped."""

    objects: Objects
    tree: Tree
    by_code: bool

    def items(self, listed: list[str]) -> list[str]:
        """The data items that are there, in the order asked; doubles stay."""
        codes = self.objects.by_code(ITEM_KINDS) if self.by_code else {}
        named = [codes.get(text, text) if self.by_code else text for text in listed]
        found = [item for item in named if self._is_item(item)]
        if not found:
            raise no_options("dx")
        return found

    def _is_item(self, item: str) -> bool:
        element, _, combo = item.partition(".")
        if self.objects.plural.get(element) not in ITEM_KINDS:
            return False
        return not combo or self.objects.plural.get(combo) == "categoryOptionCombos"

    def units(self, listed: list[str], user_units: list[str]) -> list[str]:
        """The org units asked for. Beside a level or a group, plain ids say where to look."""
        codes = self.objects.by_code(["organisationUnits"]) if self.by_code else {}
        named = [codes.get(text, text) if self.by_code else text for text in listed]
        plain = [text for text in named if text in self.tree.units]
        plain += self._of_user(named, user_units)
        wide = [text for text in named if text.startswith(("LEVEL-", "OU_GROUP-"))]
        if not wide:
            found = plain
        else:
            below = set(self.tree.below(plain or self.tree.roots()))
            found = [unit for text in wide for unit in self._wide(text) if unit in below]
        if not found:
            raise RefusalError(
                CONFLICT, "Organisation unit or organisation unit level is not valid", "E7143"
            )
        return list(dict.fromkeys(found))

    def _of_user(self, named: list[str], user_units: list[str]) -> list[str]:
        depths = [USER_UNITS.index(text) for text in named if text in USER_UNITS]
        return [
            unit
            for depth in depths
            for unit, path in self.tree.paths.items()
            if len(path) > depth and path[-1 - depth] in user_units
        ]

    def _wide(self, text: str) -> list[str]:
        if text.startswith("OU_GROUP-"):
            return self.tree.groups.get(text.removeprefix("OU_GROUP-"), [])
        level = text.removeprefix("LEVEL-")
        named = self.objects.by_id.get(level, {})
        number = str(named.get("level", level))
        return [unit for unit in self.tree.units if str(self.tree.level(unit)) == number]

    def options(self, asked: dict[str, list[str]]) -> dict[str, set[str]]:
        """The options that count, for every category asked for."""
        options: dict[str, set[str]] = {}
        for dimension, listed in asked.items():
            if dimension in ("dx", "pe", "ou", "co", "ao"):
                continue
            category = self.objects.by_id.get(dimension)
            if category is None or self.objects.plural[dimension] != "categories":
                raise RefusalError(
                    CONFLICT,
                    f"Dimension identifier does not reference any dimension: `{dimension}`",
                    "E7125",
                )
            own = {option["id"] for option in category["categoryOptions"]}
            options[dimension] = own & set(listed) if listed else own
            if not options[dimension]:
                raise no_options(dimension)
        return options


def no_options(dimension: str) -> RefusalError:
    """The refusal of a dimension with nothing left in it."""
    return RefusalError(
        CONFLICT,
        f"Dimension is present in query without any valid dimension options: `{dimension}`",
        "E7124",
    )
