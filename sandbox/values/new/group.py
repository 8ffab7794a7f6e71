"""A request as the new engine (2.43) sees it: one group of entries that one data set holds."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from pipeline.cells.periods import Period
from sandbox.entry.context import SUPERUSER, Context
from sandbox.entry.import_options import ImportOptions
from sandbox.entry.lookups import Lookups
from sandbox.state.world import Json
from sandbox.values.payload import Row


class GroupRefusalError(Exception):
    """The request is refused as one; `arguments` is the fault in short."""

    def __init__(self, code: str, arguments: str, text: str) -> None:
        super().__init__(text)
        self.code = code
        self.arguments = arguments


@dataclass(frozen=True)
class Entry:
    """A row in uids; a combo that was not sent stays None, which some checks walk past."""

    row: Row
    data_element: str
    period: Period
    org_unit: str
    option_combo: str | None
    attribute_combo: str | None

    @property
    def key_text(self) -> str:
        """The key the way the server prints it."""
        return (
            f"DataValueKey[dataElement={self.data_element}, orgUnit={self.org_unit}, "
            f"categoryOptionCombo={self.option_combo or 'null'}, "
            f"attributeOptionCombo={self.attribute_combo or 'null'}, period={self.period.id}]"
        )


@dataclass(frozen=True)
class Group:
    """The request as one: everything it touches belongs to one data set."""

    context: Context
    options: ImportOptions
    data_set: Json
    entries: tuple[Entry, ...]

    @property
    def lookups(self) -> Lookups:
        """What the metadata says."""
        return self.context.lookups

    @property
    def name(self) -> str:
        """The id of the data set."""
        return str(self.data_set["id"])

    @property
    def forced(self) -> bool:
        """Whether a superuser asked to be let through."""
        return self.options.force and self.context.may(SUPERUSER)

    @cached_property
    def periods(self) -> list[Period]:
        """The periods of the request, each once."""
        return list(dict.fromkeys(entry.period for entry in self.entries))


def refuse(code: str, before: str, invalid: Iterable[str | None], text: str) -> None:
    """Refuse the request unless `invalid` is empty; `{}` in the text stands for its ids.

    2.43 names them a second time in the conflict's arguments, after `before`.
    """
    found = list(dict.fromkeys(one for one in invalid if one))
    if found:
        listed = f"[{', '.join(found)}]"
        raise GroupRefusalError(code, before + listed, text.format(f"`{listed}`"))
