"""Cut what a run wants to know into questions that a server will answer."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from math import ceil
from typing import Any, Self
from urllib.parse import quote, urlencode

from pipeline.cells.periods import parse_period
from pipeline.extract.rules.selectors import OrgUnitSelector
from pipeline.text.errors import TooLargeError, UsageError

URL_LIMIT = 6 * 1024  # of the 8 KiB that containers take by default (docs/dhis2.md, Limits)
# An answer of 400,000 rows is 18 MB; without a limit of the server's this one holds.
MOST_ANSWER_ROWS = 400_000
CUT_IN_THIS_ORDER = ("periods", "org_units", "program_indicators")
# Of a form: a quarter of a year or so a request. Months of a large country stay under the cap of an
# answer, and small answers are read faster (docs/dhis2.md, Reading data value sets).
_PERIODS_A_REQUEST = {"Daily": 90, "Weekly": 13, "BiWeekly": 6}
_LONG_PERIODS_A_REQUEST = 3
_PATH_LENGTH = 200
_PLAIN = ":;,"  # these go over the wire as they stand


@dataclass(frozen=True)
class Question:
    """Some indicators for periods of one type and org units of one level, in one request.

    With `level`, `org_units` are ancestors: asked are all org units of that level below them, and
    `below` counts those, one number per ancestor. Without it, `org_units` are asked themselves.
    `options` is the most rows that one indicator can give for one period and org unit.
    """

    program_indicators: tuple[str, ...]
    categories: tuple[str, ...]
    periods: tuple[str, ...]
    org_units: tuple[str, ...]
    options: int = 1
    filters: tuple[str, ...] = ()
    level: int = 0
    below: tuple[int, ...] = ()

    @property
    def dimensions(self) -> tuple[str, ...]:
        """The columns of the answer, in the order in which servers give them."""
        return ("program_indicator", "period", "org_unit", *self.categories)

    @property
    def most_rows(self) -> int:
        """The most rows that the answer can have."""
        org_units = sum(self.below) if self.level else len(self.org_units)
        return len(self.program_indicators) * len(self.periods) * org_units * self.options

    def parameters(self) -> list[tuple[str, str]]:
        """The question as parameters of an analytics query, in UIDs."""
        everywhere = [f"LEVEL-{self.level}"] if self.level else []
        return [
            ("dimension", f"dx:{';'.join(self.program_indicators)}"),
            ("dimension", f"pe:{';'.join(self.periods)}"),
            ("dimension", f"ou:{';'.join([*everywhere, *self.org_units])}"),
            *(("dimension", category) for category in self.categories),
            *(("filter", one) for one in self.filters),
            ("skipMeta", "true"),
        ]

    @property
    def url_length(self) -> int:
        """The length of the question as it goes over the wire, in bytes."""
        query = urlencode(self.parameters(), safe=_PLAIN, quote_via=quote)
        return len(query) + _PATH_LENGTH

    def as_record(self) -> dict[str, Any]:
        """The question as JSON keeps it."""
        return {
            name: list(value) if isinstance(value, tuple) else value
            for name, value in vars(self).items()
        }

    @classmethod
    def from_record(cls, record: dict[str, Any]) -> Self:
        """The question that a record of `as_record` is about."""
        parts: dict[str, Any] = {
            name: tuple(value) if isinstance(value, list) else value
            for name, value in record.items()
        }
        return cls(**parts)


@dataclass(frozen=True)
class IndicatorBatch:
    """Indicators that share their categories, and so can be asked together."""

    program_indicators: tuple[str, ...]
    categories: tuple[str, ...]
    options: int


def plan_questions(
    asked: Iterable[IndicatorBatch],
    periods: Sequence[str],
    org_units_by_level: Iterable[OrgUnitSelector],
    *,
    row_limit: int,
    filters: Sequence[str] = (),
    at_least: int = 1,
) -> list[Question]:
    """As few questions as may be, each within the server's row limit and the length of a URL.

    `periods` are of one type. A limit of 0 means none; ours holds then. `at_least`: so many are
    asked side by side, if there are indicators enough. A server is quicker with two halves of the
    indicators than with the whole, and slower with more parts than that or with parts of the
    periods (docs/dhis2.md, Limits).
    """
    most = min(row_limit or MOST_ANSWER_ROWS, MOST_ANSWER_ROWS)
    uncut = [
        Question(
            program_indicators=group.program_indicators,
            categories=group.categories,
            periods=tuple(periods),
            org_units=units.ids,
            options=group.options,
            filters=tuple(filters),
            level=units.level,
            below=units.below,
        )
        for units in org_units_by_level
        for group in asked
    ]
    fitting = [part for whole in uncut for part in _within_url(whole)]
    for name in CUT_IN_THIS_ORDER:
        fitting = [part for question in fitting for part in _within_rows(question, name, most)]
    return _side_by_side(fitting, at_least)


def _side_by_side(questions: list[Question], at_least: int) -> list[Question]:
    """The same, the largest of several indicators halved until there are enough of them."""
    while len(questions) < at_least:
        several = [one for one in questions if len(one.program_indicators) > 1]
        if not several:
            break
        largest = max(several, key=lambda one: one.most_rows)
        at = questions.index(largest)
        questions[at : at + 1] = halved(largest, "program_indicators")
    return questions


def _within_url(question: Question) -> list[Question]:
    """Parts of a question that each fit into a URL: whatever takes most room is halved."""
    if question.url_length <= URL_LIMIT:
        return [question]
    longest = max(CUT_IN_THIS_ORDER, key=lambda name: len(";".join(getattr(question, name))))
    if len(getattr(question, longest)) == 1:
        raise UsageError(
            "the filters of this transfer are too long for one request",
            where="[source] filters in transfer.toml",
            remedy=f"shorten them; an address may have {URL_LIMIT} letters",
        )
    return [small for half in halved(question, longest) for small in _within_url(half)]


def _within_rows(question: Question, name: str, most: int) -> list[Question]:
    """As few parts of one dimension, of about one size, as the row limit allows."""
    members = len(getattr(question, name))
    heaviest = max(question.below) if name == "org_units" and question.level else 1
    together = sum(question.below) if name == "org_units" and question.level else members
    rows_of_one = question.most_rows * heaviest // together if together else 0
    fit = max(most // rows_of_one, 1) if rows_of_one else members
    parts = ceil(members / fit)
    return _cut(question, name, ceil(members / parts))


def split(question: Question) -> list[Question]:
    """The halves of a question that a server found too large.

    Raises `TooLargeError` for one indicator, period and org unit.
    """
    largest = max(CUT_IN_THIS_ORDER, key=lambda name: len(getattr(question, name)))
    if len(getattr(question, largest)) == 1:
        raise TooLargeError(
            "the server finds even the smallest question too large",
            where=", ".join(getattr(question, name)[0] for name in CUT_IN_THIS_ORDER),
            remedy="raise the server's analytics row limit, or its time limit",
        )
    return halved(question, largest)


def halved(question: Question, name: str) -> list[Question]:
    """Two questions with half of one dimension each."""
    return _cut(question, name, ceil(len(getattr(question, name)) / 2))


def _cut(question: Question, name: str, size: int) -> list[Question]:
    members = batched_tuples(getattr(question, name), size)
    changes: list[dict[str, Any]] = [{name: part} for part in members]
    if name == "org_units" and question.level:
        counts = [question.below[at : at + size] for at in range(0, len(question.below), size)]
        changes = [change | {"below": part} for change, part in zip(changes, counts, strict=True)]
    return [replace(question, **change) for change in changes]


def periods_a_request(periods: Sequence[str]) -> int:
    """How many periods of their type are read from a form at once."""
    kind = parse_period(periods[0]).type if periods else ""
    short = next((name for name in _PERIODS_A_REQUEST if kind.startswith(name)), "")
    return _PERIODS_A_REQUEST.get(short, _LONG_PERIODS_A_REQUEST)


def batched_tuples(members: Sequence[str], size: int) -> list[tuple[str, ...]]:
    """A sequence in tuples of at most `size`, in their order."""
    return [tuple(members[at : at + size]) for at in range(0, len(members), size)]
