"""What a person has to settle about a suggested mapping: one line a reason."""

from collections.abc import Iterable, Mapping

from pipeline.text.wording import number
from pipeline.upkeep.rules.suggest.mapping import Doubt
from pipeline.verify.rules.findings import labels

SHOWN = 5


def doubts_as_lines(doubts: Iterable[Doubt], names: Mapping[str, str]) -> list[str]:
    """Each reason once, the commonest first, with the indicators it is about.

    `names` gives the name of each indicator's id.
    """
    about: dict[str, list[str]] = {}
    for doubt in doubts:
        about.setdefault(doubt.why, []).append(doubt.program_indicator)
    commonest = sorted(about.items(), key=lambda one: (-len(one[1]), one[0]))
    return [f"{_listed(labels(sorted(about), names))}: {why}" for why, about in commonest]


def _listed(indicators: list[str]) -> str:
    more = len(indicators) - SHOWN
    return ", ".join(indicators[:SHOWN]) + (f" and {number(more)} more" if more > 0 else "")
