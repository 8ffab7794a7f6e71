"""Cut what a run wants to know into questions that a server will answer."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from math import ceil
from typing import Any, Self
from urllib.parse import urlencode

from pipeline.errors import TooLargeError

URL_LIMIT = 6 * 1024
MOST_ROWS = 400_000
_PATH_LENGTH = 200


@dataclass(frozen=True)
class Question:
    """Some indicators for periods of one type and org units of one level, in one request.

    `org_units` stand in `ou:` as they are; `options` is the most rows that one indicator can
    give for one period and org unit.
    """

    program_indicators: tuple[str, ...]
    categories: tuple[str, ...]
    periods: tuple[str, ...]
    org_units: tuple[str, ...]
    options: int = 1
    filters: tuple[str, ...] = ()

    @property
    def dimensions(self) -> tuple[str, ...]:
        """Name the columns of the answer, in the order in which servers give them."""
        return ("program_indicator", "period", "org_unit", *self.categories)

    @property
    def most_rows(self) -> int:
        """Bound the rows of the answer."""
        cells = len(self.program_indicators) * len(self.periods) * len(self.org_units)
        return cells * self.options

    def parameters(self) -> list[tuple[str, str]]:
        """Write the question as an analytics query, in UIDs."""
        return [
            ("dimension", f"dx:{';'.join(self.program_indicators)}"),
            ("dimension", f"pe:{';'.join(self.periods)}"),
            ("dimension", f"ou:{';'.join(self.org_units)}"),
            *(("dimension", category) for category in self.categories),
            *(("filter", one) for one in self.filters),
            ("skipMeta", "true"),
        ]

    @property
    def url_length(self) -> int:
        """Measure the question as it goes over the wire."""
        return len(urlencode(self.parameters())) + _PATH_LENGTH

    def as_record(self) -> dict[str, Any]:
        """Give the question as JSON keeps it."""
        return {
            name: value if name == "options" else list(value) for name, value in vars(self).items()
        }

    @classmethod
    def from_record(cls, record: dict[str, Any]) -> Self:
        """Read a question back."""
        parts: dict[str, Any] = {
            name: value if name == "options" else tuple(value) for name, value in record.items()
        }
        return cls(**parts)


@dataclass(frozen=True)
class Asked:
    """Indicators that share their categories, and so can be asked together."""

    program_indicators: tuple[str, ...]
    categories: tuple[str, ...]
    options: int


def plan_questions(
    asked: Iterable[Asked],
    periods: Sequence[str],
    org_units_by_level: Iterable[Sequence[str]],
    *,
    row_limit: int,
    filters: Sequence[str] = (),
) -> list[Question]:
    """Give few questions, each within the server's row limit and the length of a URL.

    `periods` are of one type. A limit of 0 means none; ours holds then.
    """
    most = min(row_limit or MOST_ROWS, MOST_ROWS)
    questions = []
    for org_units in org_units_by_level:
        for group in asked:
            whole = Question(
                group.program_indicators,
                group.categories,
                tuple(periods),
                tuple(org_units),
                group.options,
                tuple(filters),
            )
            questions += _fitting(whole, most)
    return [question for question in questions if question.most_rows]


def _fitting(question: Question, most: int) -> list[Question]:
    """Split until every part fits: org units and indicators for the URL, periods for the rows."""
    parts = [question]
    while any(part.url_length > URL_LIMIT for part in parts):
        parts = [
            half
            for part in parts
            for half in (_halved_for_url(part) if part.url_length > URL_LIMIT else [part])
        ]
    return [small for part in parts for small in _by_periods(part, most)]


def _halved_for_url(question: Question) -> list[Question]:
    longest = max(
        ("org_units", "program_indicators"), key=lambda name: len(getattr(question, name))
    )
    return _halved(question, longest)


def _by_periods(question: Question, most: int) -> list[Question]:
    """Give as few equal parts as the row limit allows; then halve what is still too large."""
    count = min(ceil(question.most_rows / most), len(question.periods)) or 1
    size = ceil(len(question.periods) / count)
    parts = [replace(question, periods=part) for part in batched_tuples(question.periods, size)]
    while any(part.most_rows > most for part in parts):
        parts = [
            half for part in parts for half in (split(part) if part.most_rows > most else [part])
        ]
    return parts


def split(question: Question) -> list[Question]:
    """Halve a question that a server found too large.

    Raises `TooLargeError` for one indicator, period and org unit.
    """
    sizes = {
        name: len(getattr(question, name))
        for name in ("periods", "org_units", "program_indicators")
    }
    largest = max(sizes, key=lambda name: sizes[name])
    if sizes[largest] == 1:
        raise TooLargeError(
            "the server finds even the smallest question too large",
            where=", ".join(getattr(question, name)[0] for name in sizes),
            remedy="raise the server's analytics row limit, or its time limit",
        )
    return _halved(question, largest)


def _halved(question: Question, name: str) -> list[Question]:
    members = getattr(question, name)
    size = ceil(len(members) / 2)
    changes: list[dict[str, Any]] = [{name: part} for part in batched_tuples(members, size)]
    return [replace(question, **change) for change in changes]


def batched_tuples(members: Sequence[str], size: int) -> list[tuple[str, ...]]:
    """Cut a sequence into tuples of at most `size`, in their order."""
    return [tuple(members[at : at + size]) for at in range(0, len(members), size)]
