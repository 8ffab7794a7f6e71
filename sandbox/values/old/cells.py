"""The cell that a row names to the old engine, or why it names none."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from pipeline.cells.periods import Period
from sandbox.entry.context import SUPERUSER, Context
from sandbox.entry.import_options import ImportOptions
from sandbox.entry.lookups import Lookups
from sandbox.entry.periods import find_period
from sandbox.state.world import Json
from sandbox.values.payload import Row

Names = Mapping[str, str | None]


class ImportAbortedError(Exception):
    """An exception stopped the import half way; what was written before stays written."""


@dataclass(frozen=True)
class Import:
    """One import under way; `data_set` is the one the request names."""

    context: Context
    options: ImportOptions
    schemes: Mapping[str, str]
    data_set: Json | None

    @property
    def lookups(self) -> Lookups:
        """What the metadata says."""
        return self.context.lookups

    @property
    def forced(self) -> bool:
        """Whether a superuser asked to be let through."""
        return self.options.force and self.context.may(SUPERUSER)

    def deletes(self, row: Row) -> bool:
        """Whether a row asks for a deletion."""
        return row.deleted or self.options.strategy == "DELETE"

    def find(self, kind: str, text: str | None) -> str | None:
        """The id of the object a row names."""
        return self.lookups.find(kind, self.schemes[kind], text)

    def find_combo(self, kind: str, text: str | None) -> str | None:
        """The id of the option combo a row names; no name means the default one."""
        return self.find(kind, text) if text else self.lookups.default_combo


@dataclass(frozen=True)
class Cell:
    """A row and what it names; `data_set` is the one whose rules bind it, if there is one."""

    row: Row
    element: Json
    period: Period
    org_unit: str
    option_combo: str
    attribute_combo: str
    data_set: Json | None


class RowRefusal(NamedTuple):
    """Why a row is refused; `objects` are what is at fault, the first one foremost."""

    code: str
    prop: str
    text: str
    objects: Names

    def conflict(self) -> Json:
        """The conflict the reply shows, but for the rows it is about."""
        object_name = next(iter(self.objects.values()), None)
        members = {
            "object": object_name,
            "objects": {name: who for name, who in self.objects.items() if who is not None},
            "value": self.text,
            "errorCode": self.code,
            "property": self.prop,
        }
        return {name: member for name, member in members.items() if member not in ("", None)}


class UnknownName(NamedTuple):
    """How a name that no object has is refused; `{}` is the name."""

    code: str
    prop: str
    text: str
    named: str


ABSENT = "not found or not accessible"
UNKNOWN = (
    UnknownName("E7610", "dataElement", f"Data element {ABSENT}: `{{}}`", "dataElement"),
    UnknownName("E7611", "period", "Period not valid: `{}`", "period"),
    UnknownName("E7612", "orgUnit", f"Organisation unit {ABSENT}: `{{}}`", "organisationUnit"),
    UnknownName(
        "E7613",
        "categoryOptionCombo",
        f"Category option combo {ABSENT} for writing data: `{{}}`",
        "categoryOptionCombo",
    ),
    UnknownName(
        "E7615",
        "attributeOptionCombo",
        f"Attribute option combo {ABSENT} for writing data: `{{}}`",
        "categoryOptionCombo",
    ),
)


def look_up(job: Import, row: Row) -> Cell | RowRefusal:
    """The cell that a row names, or a refusal for the first name that no object has."""
    element = job.find("dataElement", row.data_element)
    period = find_period(row.period)
    unit = job.find("orgUnit", row.org_unit)
    combo = job.find_combo("categoryOptionCombo", row.category_option_combo)
    attribute = job.find_combo("attributeOptionCombo", row.attribute_option_combo)
    if element and period and unit and combo and attribute:
        data_set = job.data_set or binding_data_set(job.lookups.sets_of.get(element, []))
        known = job.lookups.elements[element]
        return Cell(row, known, period, unit, combo, attribute, data_set)
    at = (element, period, unit, combo, attribute).index(None)
    rule = UNKNOWN[at]
    word = (
        *(row.data_element, row.period, row.org_unit),
        *(row.category_option_combo, row.attribute_option_combo),
    )[at]
    return RowRefusal(rule.code, rule.prop, rule.text.format(word or "null"), {rule.named: word})


def binding_data_set(data_sets: list[Json]) -> Json | None:
    """The data set whose rules bind an element of several: one with an approval workflow first."""
    return min(data_sets, key=lambda one: not one.get("workflow"), default=None)
