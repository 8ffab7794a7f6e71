"""Lookups in the metadata: which object a text names, and which objects belong together."""

from functools import cached_property

from sandbox.state.tree import Tree
from sandbox.state.world import Json

PLURALS = {
    "dataSet": "dataSets",
    "dataElement": "dataElements",
    "orgUnit": "organisationUnits",
    "categoryOptionCombo": "categoryOptionCombos",
    "attributeOptionCombo": "categoryOptionCombos",
}
MEMBERS_OF_SCHEMES = {"UID": "id", "CODE": "code", "NAME": "name"}


class Lookups:
    """The metadata of a world at this moment, by id, code, name or attribute."""

    def __init__(self, metadata: dict[str, list[Json]]) -> None:
        self.metadata = metadata
        self._named: dict[tuple[str, str], dict[str, str]] = {}
        self._combos: dict[str, dict[str, str]] = {}

    def all(self, plural: str) -> dict[str, Json]:
        """The objects of a kind by id."""
        return {item["id"]: item for item in self.metadata.get(plural, [])}

    @cached_property
    def tree(self) -> Tree:
        """The org units as a tree, with their groups."""
        units = self.metadata.get("organisationUnits", [])
        return Tree(units, self.metadata.get("organisationUnitGroups", []))

    @cached_property
    def elements(self) -> dict[str, Json]:
        """The data elements by id."""
        return self.all("dataElements")

    @cached_property
    def data_sets(self) -> dict[str, Json]:
        """The data sets by id."""
        return self.all("dataSets")

    @cached_property
    def option_combos(self) -> dict[str, Json]:
        """The category option combos by id."""
        return self.all("categoryOptionCombos")

    @cached_property
    def category_options(self) -> dict[str, Json]:
        """The category options by id."""
        return self.all("categoryOptions")

    @cached_property
    def default_combo(self) -> str:
        """The id of the default category option combo."""
        return next(key for key, combo in self.option_combos.items() if combo["name"] == "default")

    @cached_property
    def sets_of(self) -> dict[str, list[Json]]:
        """The data sets of each data element, sorted by id."""
        found: dict[str, list[Json]] = {}
        for _, data_set in sorted(self.data_sets.items()):
            for element in members(data_set):
                found.setdefault(element, []).append(data_set)
        return found

    @cached_property
    def option_codes(self) -> dict[str, set[str]]:
        """The codes of each option set."""
        codes: dict[str, set[str]] = {}
        for option in self.metadata.get("options", []):
            codes.setdefault(option["optionSet"]["id"], set()).add(option["code"])
        return codes

    def options_of(self, element: Json) -> set[str] | None:
        """The codes an element with an option set takes; None without an option set."""
        option_set = element.get("optionSet")
        return self.option_codes.get(option_set["id"], set()) if option_set else None

    def combo_of(self, element: str, data_set: Json | None) -> str:
        """The category combo of an element, as its data set overrides it."""
        if data_set and data_set["id"] not in self._combos:
            self._combos[data_set["id"]] = {
                entry["dataElement"]["id"]: entry["categoryCombo"]["id"]
                for entry in data_set["dataSetElements"]
                if "categoryCombo" in entry
            }
        overridden = self._combos[data_set["id"]].get(element) if data_set else None
        return overridden or str(self.elements[element]["categoryCombo"]["id"])

    def belongs(self, option_combo: str, category_combo: str) -> bool:
        """Whether an option combo is one of a category combo."""
        found = self.option_combos.get(option_combo)
        return found is not None and bool(found["categoryCombo"]["id"] == category_combo)

    def find(self, kind: str, scheme: str, text: str | None) -> str | None:
        """The id of the object that `text` names in an id scheme, None when there is none."""
        key = (PLURALS[kind], scheme)
        if key not in self._named:
            self._named[key] = {
                name: item["id"]
                for item in self.metadata.get(PLURALS[kind], [])
                if (name := name_in(item, scheme))
            }
        return self._named[key].get(text or "")

    def name(self, kind: str, scheme: str, uid: str) -> str | None:
        """The name of an object in an id scheme, None when it has none or is not there."""
        return uid if scheme == "UID" else name_in(self.known(kind).get(uid, {}), scheme)

    def known(self, kind: str) -> dict[str, Json]:
        """The objects of a kind by id."""
        found = {"dataSet": self.data_sets, "dataElement": self.elements}
        return found.get(kind) or (self.tree.units if kind == "orgUnit" else self.option_combos)


def members(data_set: Json) -> list[str]:
    """The data elements of a data set."""
    return [entry["dataElement"]["id"] for entry in data_set.get("dataSetElements", [])]


def assigned(data_set: Json) -> set[str]:
    """The org units a data set is assigned to."""
    return {unit["id"] for unit in data_set.get("organisationUnits", [])}


def name_in(item: Json, scheme: str) -> str | None:
    """What an object is called in an id scheme: UID, CODE, NAME or ATTRIBUTE:uid."""
    if not scheme.startswith("ATTRIBUTE:"):
        return item.get(MEMBERS_OF_SCHEMES.get(scheme, "id"))
    attribute = scheme.removeprefix("ATTRIBUTE:")
    values = {entry["attribute"]["id"]: entry["value"] for entry in item.get("attributeValues", [])}
    return values.get(attribute)
