"""Metadata objects by id and code, and what they are called in an id scheme."""

from collections import defaultdict
from collections.abc import Iterable

from sandbox.state.world import Json, World

DEFAULT_COMBO = "default"


class Objects:
    """The metadata of a world at this moment: every object by its id."""

    def __init__(self, metadata: dict[str, list[Json]]) -> None:
        self.metadata = metadata
        self.plural: dict[str, str] = {}
        self.by_id: dict[str, Json] = {}
        for plural, listed in metadata.items():
            for item in listed:
                self.plural[item["id"]] = plural
                self.by_id[item["id"]] = item

    def all(self, plural: str) -> list[Json]:
        """The objects of a kind."""
        return self.metadata.get(plural, [])

    def by_code(self, plurals: Iterable[str]) -> dict[str, str]:
        """The ids of the objects of some kinds by their codes."""
        return {
            item["code"]: item["id"]
            for plural in plurals
            for item in self.all(plural)
            if item.get("code")
        }

    def name_of(self, key: str, scheme: str) -> str:
        """What an object is called in a scheme; its id when it has no such name."""
        item = self.by_id.get(key)
        if item is None:
            return key
        kind, _, attribute = scheme.partition(":")
        match kind.upper():
            case "CODE":
                return str(item.get("code") or key)
            case "NAME":
                return str(item.get("name") or key)
            case "ATTRIBUTE":
                return attribute_value(item, attribute) or key
            case _:
                return key

    def is_default_combo(self, key: str) -> bool:
        """Whether a category combo is the one without categories."""
        return not key or self.by_id.get(key, {}).get("name") == DEFAULT_COMBO

    def option_combos(self) -> dict[tuple[str, frozenset[str]], str]:
        """The option combos by category combo and options."""
        return {
            (combo["categoryCombo"]["id"], frozenset(o["id"] for o in combo["categoryOptions"])): (
                combo["id"]
            )
            for combo in self.all("categoryOptionCombos")
        }

    def category_of_option(self) -> dict[str, str]:
        """The category that each category option belongs to."""
        found: dict[str, str] = {}
        for category in self.all("categories"):
            for option in category.get("categoryOptions", []):
                found.setdefault(option["id"], category["id"])
        return found

    def categories_of_combo(self) -> dict[str, list[str]]:
        """The categories of every category combo."""
        found: dict[str, list[str]] = defaultdict(list)
        for combo in self.all("categoryCombos"):
            found[combo["id"]] = [category["id"] for category in combo.get("categories", [])]
        return found


def attribute_value(item: Json, attribute: str) -> str:
    """The value of an object's attribute, empty when it has none."""
    for held in item.get("attributeValues", []):
        if held["attribute"]["id"] == attribute:
            return str(held["value"])
    return ""


def objects_of(world: World) -> Objects:
    """The objects of a world as its metadata has them now."""
    return Objects(world.metadata)
