"""What items, periods and org units are called in the schemes of a request."""

from sandbox.analytics.query import AnalyticsQuery
from sandbox.analytics.refusals import kind
from sandbox.state.calendar import period_name
from sandbox.state.objects import Objects


class Namer:
    """Names items, periods and org units in the schemes of a request."""

    def __init__(self, query: AnalyticsQuery, objects: Objects, *, grid: bool) -> None:
        plain = grid and query.flag("skipMeta")
        self.objects = objects
        self.general = "UID" if plain else query.scheme("outputIdScheme")
        self.items = "UID" if plain else query.scheme("outputDataItemIdScheme", "outputIdScheme")
        self.elements = (
            "UID" if plain else query.scheme("outputDataElementIdScheme", "outputIdScheme")
        )
        self.units = "UID" if plain else query.scheme("outputOrgUnitIdScheme", "outputIdScheme")

    def item(self, key: str) -> str:
        """A data item's name in its scheme."""
        element, _, combo = key.partition(".")
        is_element = kind(key, self.objects) == "dataElements"
        scheme = self.elements if is_element and self.items == "UID" else self.items
        called = self.objects.name_of(element, scheme)
        return f"{called}.{self.objects.name_of(combo, self.general)}" if combo else called

    def cell(self, column: str, key: str) -> str:
        """The name of what stands in a column."""
        if column == "pe":
            return period_name(key) if self.general.upper() == "NAME" else key
        return self.objects.name_of(key, self.units if column == "ou" else self.general)
