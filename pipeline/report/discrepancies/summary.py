"""A few sentences: how far tracker and the manual reports agree, and where they do not."""

from dataclasses import dataclass

import polars as pl

from pipeline.compare.rules.discrepancies import AGREEING
from pipeline.compare.rules.overview import Overview
from pipeline.text.escaping import shortened
from pipeline.text.wording import count, number, share

AGREEMENT_WORDS = {
    "same": ("Same", "Both gave the same number."),
    "within_tolerance": ("Close enough", "They differ by no more than the tolerance."),
    "tracker_higher": ("Tracker higher", "Both gave a number; tracker's is the larger."),
    "tracker_lower": ("Tracker lower", "Both gave a number; tracker's is the smaller."),
    "only_tracker": ("Only tracker", "Tracker has a number; the manual report is silent."),
    "only_manual": ("Only manual", "The manual report has a number; tracker is silent."),
}

DIFFERING = ("tracker_higher", "tracker_lower")
ONE_SIDED = ("only_tracker", "only_manual")

# A sentence as its parts; each second part is a name that somebody typed.
Sentence = tuple[str, ...]


@dataclass(frozen=True)
class Worst:
    """The one of its kind where the two sides are farthest apart."""

    name: str
    distance: float


@dataclass(frozen=True)
class Summary:
    """What a reader wants to know first.

    `tracker` and `manual` are the sums over what both gave; `distance` adds up how far apart
    the two are, number by number.
    """

    cells: int
    agreeing: int
    both: int
    tracker: float
    manual: float
    only_tracker: int
    only_manual: int
    distance: float
    district: Worst | None
    element: Worst | None
    site: Worst | None


def summarise_overview(overview: Overview) -> Summary:
    """The few numbers of an overview that answer whether the two agree."""
    agreements = overview.agreements
    counts = dict(agreements.select("agreement", "cells").iter_rows())
    both = agreements.filter(~pl.col("agreement").is_in(ONE_SIDED))
    apart = overview.cells.select(
        "data_element",
        "data_element_name",
        distance=(_silent_is_zero("tracker_value") - _silent_is_zero("manual_value")).abs(),
    )
    return Summary(
        cells=sum(counts.values()),
        agreeing=sum(counts[name] for name in AGREEING),
        both=int(both["cells"].sum()),
        tracker=float(both["tracker_total"].sum()),
        manual=float(both["manual_total"].sum()),
        only_tracker=counts["only_tracker"],
        only_manual=counts["only_manual"],
        distance=float(overview.sites["distance"].sum()),
        district=_worst(overview.sites, "district"),
        element=_worst(apart, "data_element_name", "data_element"),
        site=_worst(overview.sites.head(1), "org_unit_name"),
    )


def _silent_is_zero(column: str) -> pl.Expr:
    return pl.col(column).fill_null(0)


def _worst(apart: pl.DataFrame, name: str, *ids: str) -> Worst | None:
    summed = apart.group_by(name, *ids).agg(pl.col("distance").sort().sum())
    ordered = summed.sort("distance", name, *ids, descending=[True, False, *(False for _ in ids)])
    for one in ordered.head(1).iter_rows(named=True):
        return Worst(one[name], one["distance"]) if one["distance"] else None
    return None


def sentences(summary: Summary) -> list[Sentence]:
    """The answer in sentences; the first sentence is the answer in one line."""
    if not summary.cells:
        return [("Neither tracker nor the manual reports gave a number, so there is no answer.",)]
    first = (
        f"Of {count(summary.cells, 'number')} that tracker or the manual reports gave, "
        f"{number(summary.agreeing)} {_agree(summary.agreeing)} "
        f"({share(summary.agreeing, summary.cells)})."
    )
    later = [_level(summary), _silence(summary), _where(summary)]
    return [(first,), *(sentence for sentence in later if sentence)]


def plain(sentence: Sentence) -> str:
    """Join the parts of a sentence; every other one is a name that somebody typed."""
    parts = (shortened(part) if place % 2 else part for place, part in enumerate(sentence))
    return "".join(parts)


def _agree(many: int) -> str:
    return "agrees" if many == 1 else "agree"


def _level(summary: Summary) -> Sentence:
    if not summary.both:
        return ("No number was given by both, so nothing can be compared.",)
    where = "Where both gave a number"
    difference = round(summary.tracker - summary.manual, 10)
    if not difference:
        return (f"{where}, they sum to the same: {number(summary.tracker)}.",)
    word = "more" if difference > 0 else "fewer"
    part = f" ({share(abs(difference), abs(summary.manual))})" if summary.manual else ""
    return (
        (
            f"{where}, tracker counts {number(abs(difference))} {word}{part}: "
            f"{number(summary.tracker)} against {number(summary.manual)} in the manual reports."
        ),
    )


def _silence(summary: Summary) -> Sentence:
    if not summary.only_tracker and not summary.only_manual:
        return ()
    return (
        (
            f"{count(summary.only_tracker, 'number')} came only from tracker and "
            f"{number(summary.only_manual)} only from the manual reports: one side is silent "
            "there, which is not the same as zero."
        ),
    )


def _where(summary: Summary) -> Sentence:
    if not (summary.district and summary.element and summary.site):
        return ()
    return (
        "The gaps are largest in ",
        summary.district.name,
        f" ({share(summary.district.distance, summary.distance)} of all gaps), for ",
        summary.element.name,
        f" ({share(summary.element.distance, summary.distance)}), and of all sites at ",
        summary.site.name,
        f" ({share(summary.site.distance, summary.distance)}).",
    )
