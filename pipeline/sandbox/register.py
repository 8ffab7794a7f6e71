"""A register of counts: one number per indicator, site, month and options, summed upwards."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from pipeline.sandbox.calendar import months_of
from pipeline.sandbox.world import AnalyticsRow


class Place(NamedTuple):
    """Where and when something was counted, and under which options."""

    month: str
    site: str
    options: tuple[str, ...]


@dataclass
class Register:
    """Counts by indicator and place, and numbers that cannot be added up.

    `paths` names every org unit's ancestors, itself last. `told` holds averages as they were
    told for an indicator, a period and an org unit: they answer nothing else.
    """

    paths: Mapping[str, tuple[str, ...]]
    counts: dict[str, dict[Place, float]] = field(default_factory=dict)
    told: dict[tuple[str, str, str], float] = field(default_factory=dict)

    def count(self, program_indicator: str, place: Place, number: float) -> None:
        """Let a place hold `number`; None would be a place without any event, so there is none."""
        self.counts.setdefault(program_indicator, {})[place] = number

    def forget(self, program_indicator: str, place: Place) -> None:
        """Let a place hold nothing."""
        self.counts.get(program_indicator, {}).pop(place, None)

    def rows(
        self, program_indicator: str, periods: Sequence[str], org_units: Sequence[str]
    ) -> list[AnalyticsRow]:
        """Give one row per period, org unit and options that counted anything."""
        return [
            *self._sums(program_indicator, periods, org_units),
            *self._told(program_indicator, periods, org_units),
        ]

    def _sums(
        self, program_indicator: str, periods: Sequence[str], org_units: Sequence[str]
    ) -> list[AnalyticsRow]:
        asked_months: dict[str, list[str]] = defaultdict(list)
        for period in periods:
            for month in months_of(period):
                asked_months[month].append(period)
        asked_units = set(org_units)
        sums: dict[tuple[str, str, tuple[str, ...]], float] = defaultdict(float)
        for place, number in self.counts.get(program_indicator, {}).items():
            for period in asked_months.get(place.month, ()):
                for unit in asked_units.intersection(self.paths.get(place.site, ())):
                    sums[period, unit, place.options] += number
        return [AnalyticsRow(program_indicator, *key, number) for key, number in sums.items()]

    def _told(
        self, program_indicator: str, periods: Sequence[str], org_units: Sequence[str]
    ) -> list[AnalyticsRow]:
        return [
            AnalyticsRow(program_indicator, period, unit, (), number)
            for period in periods
            for unit in org_units
            if (number := self.told.get((program_indicator, period, unit))) is not None
        ]

    def snapshot(self) -> "Register":
        """Give a copy that later counts do not reach."""
        counts = {indicator: dict(places) for indicator, places in self.counts.items()}
        return Register(self.paths, counts, dict(self.told))
