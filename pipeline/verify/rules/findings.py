"""What a check before a run finds: one thing to know, how bad it is, and what to do."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Literal

import polars as pl

from pipeline.text.escaping import with_id
from pipeline.text.wording import number

Severity = Literal["error", "warning", "note"]
SEVERITIES: tuple[Severity, ...] = ("error", "warning", "note")
_SHOWN = 10


@dataclass(frozen=True)
class Finding:
    """One thing to know before a run; `where` names ids and names, `remedy` what to do."""

    finding_id: str
    severity: Severity
    what: str
    where: str = ""
    remedy: str = ""

    def as_record(self) -> dict[str, str]:
        """The finding as JSON keeps it."""
        return asdict(self)


def labels(ids: Iterable[str], names: Mapping[str, str]) -> list[str]:
    """The name of each id, with the id; the id alone where there is no other name."""
    known = ((one, names.get(one, one)) for one in ids)
    return [one if name == one else with_id(name, one) for one, name in known]


def names_of(objects: pl.DataFrame) -> dict[str, str]:
    """The name of each id of a frame that has id and name."""
    return dict(objects.select("id", "name").drop_nulls().rows())


def many(
    finding_id: str, severity: Severity, what: str, which: Iterable[str], remedy: str
) -> list[Finding]:
    """One finding of many things, named in order; none of none."""
    names = sorted(which)
    if not names:
        return []
    more = len(names) - _SHOWN
    shown = ", ".join(names[:_SHOWN]) + (f" and {number(more)} more" if more > 0 else "")
    return [Finding(finding_id, severity, f"{number(len(names))} {what}", shown, remedy)]
