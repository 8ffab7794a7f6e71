"""The periods a data value may be entered for: which one is meant, which one is the last."""

import re
from datetime import date
from functools import lru_cache

from pipeline.cells.periods import Period, following, parse_period, period_of, previous
from pipeline.text.errors import UsageError

DASHED_MONTH = re.compile(r"(\d{4})-(\d\d)")


@lru_cache(maxsize=4096)
def find_period(text: str | None) -> Period | None:
    """The period a text names, None when it names none; a month may have a dash."""
    try:
        return parse_period(DASHED_MONTH.sub(r"\1\2", text or ""))
    except UsageError:
        return None


def lies_between(text: str, dates: tuple[date, date]) -> bool:
    """Whether a text is a period wholly between two days, both included."""
    period = find_period(text)
    return period is not None and dates[0] <= period.start and period.end <= dates[1]


def latest_open(kind: str, today: date, ahead: int) -> Period:
    """The last period that may be entered: `ahead` periods after the one just over."""
    period = previous(period_of(kind, today))
    for _ in range(ahead):
        period = following(period)
    return period


def not_a_period(text: str) -> str:
    """How 2.43 refuses a text that is no period."""
    at = next((index for index, sign in enumerate(text) if not sign.isdigit()), len(text))
    found = text[at : at + 1] or "EOI"
    return f"Invalid Period `{text}`, expected a digit at position {at + 1} but found: `{found}`"
