"""A register of counts: one number per indicator, site, month and options, summed upwards."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from sandbox.state.calendar import months_of
from sandbox.state.world import AnalyticsRow


class Place(NamedTuple):
    """Where and when something was counted, and under which options."""

    month: str
    site: str
    options: tuple[str, ...]


Cell = tuple[str, str, tuple[str, ...]]
Cells = Callable[[Place], Iterator[Cell]]


@dataclass
class Register:
    """Counts by indicator and place, and numbers that cannot be added up.

    `paths` names every org unit's ancestors, itself last. `weighed` holds sums by indicator and
    place of which means are taken, each with how many it sums. `recorded_means` holds averages
    by indicator, period and org unit as a server answered them: they answer nothing else.
    """

    paths: Mapping[str, tuple[str, ...]]
    counts: dict[str, dict[Place, float]] = field(default_factory=dict)
    weighed: dict[str, dict[Place, tuple[float, int]]] = field(default_factory=dict)
    recorded_means: dict[tuple[str, str, str], float] = field(default_factory=dict)

    def count(self, program_indicator: str, place: Place, number: float) -> None:
        """Let a place hold `number`; None would be a place without any event, so there is none."""
        self.counts.setdefault(program_indicator, {})[place] = number

    def forget(self, program_indicator: str, place: Place) -> None:
        """Let a place hold nothing."""
        self.counts.get(program_indicator, {}).pop(place, None)

    def rows(
        self, program_indicator: str, periods: Sequence[str], org_units: Sequence[str]
    ) -> list[AnalyticsRow]:
        """One row per period, org unit and options that counted anything."""
        cells = self._cells(periods, org_units)
        return [
            *self._sums(program_indicator, cells),
            *self._means(program_indicator, cells),
            *self._recorded_means(program_indicator, periods, org_units),
        ]

    def _cells(self, periods: Sequence[str], org_units: Sequence[str]) -> Cells:
        """A function from a place to the cells of the question that it belongs to."""
        asked_months: dict[str, list[str]] = defaultdict(list)
        for period in periods:
            for month in months_of(period):
                asked_months[month].append(period)
        asked_units = set(org_units)

        def cells(place: Place) -> Iterator[Cell]:
            for period in asked_months.get(place.month, ()):
                for unit in asked_units.intersection(self.paths.get(place.site, ())):
                    yield period, unit, place.options

        return cells

    def _sums(self, program_indicator: str, cells: Cells) -> list[AnalyticsRow]:
        sums: dict[Cell, float] = defaultdict(float)
        for place, number in self.counts.get(program_indicator, {}).items():
            for cell in cells(place):
                sums[cell] += number
        return [AnalyticsRow(program_indicator, *cell, number) for cell, number in sums.items()]

    def _means(self, program_indicator: str, cells: Cells) -> list[AnalyticsRow]:
        sums: dict[Cell, tuple[float, int]] = {}
        for place, (total, number) in self.weighed.get(program_indicator, {}).items():
            for cell in cells(place):
                so_far, counted = sums.get(cell, (0.0, 0))
                sums[cell] = so_far + total, counted + number
        return [
            AnalyticsRow(program_indicator, *cell, total / number, weight=number)
            for cell, (total, number) in sums.items()
        ]

    def _recorded_means(
        self, program_indicator: str, periods: Sequence[str], org_units: Sequence[str]
    ) -> list[AnalyticsRow]:
        return [
            AnalyticsRow(program_indicator, period, unit, (), number, weight=1)
            for period in periods
            for unit in org_units
            if (number := self.recorded_means.get((program_indicator, period, unit))) is not None
        ]

    def snapshot(self) -> "Register":
        """A copy that later counts do not reach."""
        counts = {indicator: dict(places) for indicator, places in self.counts.items()}
        weighed = {indicator: dict(places) for indicator, places in self.weighed.items()}
        return Register(self.paths, counts, weighed, dict(self.recorded_means))
