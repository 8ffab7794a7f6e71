"""Whether the options of an attribute option combo are valid in a period, and for an org unit."""

from collections.abc import Iterator
from datetime import date

from pipeline.cells.periods import Period, following, period_of
from sandbox.entry.lookups import Lookups
from sandbox.state.world import Json


def out_of_date(
    lookups: Lookups, combo: str, data_set: Json, period: Period, *, whole: bool
) -> bool:
    """Whether an option of a combo is not valid in a period.

    2.42 asks for one valid day, 2.43 for all of them (`whole`).
    """
    first, last = (period.start, period.end) if whole else (period.end, period.start)
    spans = (_span(option, data_set, period.type) for option in _options(lookups, combo))
    return any((start and start > first) or (end and end < last) for start, end in spans)


def not_meant_for(lookups: Lookups, combo: str, unit: str) -> bool:
    """Whether an option of a combo has org units, and none of them is this one or above it."""
    return any(
        roots and not lookups.tree.within(unit, roots)
        for option in _options(lookups, combo)
        if (roots := [one["id"] for one in option.get("organisationUnits") or []])
    )


def _options(lookups: Lookups, combo: str) -> Iterator[Json]:
    for one in lookups.option_combos.get(combo, {}).get("categoryOptions") or []:
        yield lookups.category_options.get(one["id"], {})


def _span(option: Json, data_set: Json, period_type: str) -> tuple[date | None, date | None]:
    start, end = (
        date.fromisoformat(option[name][:10]) if option.get(name) else None
        for name in ("startDate", "endDate")
    )
    more = int(data_set.get("openPeriodsAfterCoEndDate") or 0)
    if end is None or not more:
        return start, end
    last = period_of(period_type, end)
    for _ in range(more):
        last = following(last)
    return start, last.end
