"""Read periods as people write them: 2026-10, Oct 2026, 2026-10-01; never by guessing."""

import re
import unicodedata
from datetime import date

from pipeline.cells.periods import parse_period, period_of
from pipeline.text.errors import UsageError

# English, French, Portuguese and Spanish, whole or cut to three letters; accents are taken off.
_MONTHS = (
    ("january", "janvier", "janeiro", "enero"),
    ("february", "fevrier", "fevereiro", "febrero"),
    ("march", "mars", "marco", "marzo"),
    ("april", "avril", "abril", "abril"),
    ("may", "mai", "maio", "mayo"),
    ("june", "juin", "junho", "junio"),
    ("july", "juillet", "julho", "julio"),
    ("august", "aout", "agosto", "agosto"),
    ("september", "septembre", "setembro", "septiembre"),
    ("october", "octobre", "outubro", "octubre"),
    ("november", "novembre", "novembro", "noviembre"),
    ("december", "decembre", "dezembro", "diciembre"),
)
_SHORTEST = 3
_AMBIGUOUS = {"jui"}  # juin or juillet
MONTH_OF = {
    name[:length]: number
    for number, names in enumerate(_MONTHS, start=1)
    for name in names
    for length in range(_SHORTEST, len(name) + 1)
    if name[:length] not in _AMBIGUOUS
} | {"sept": 9}

_DAY = re.compile(
    r"(\d{4})([-/]?)(\d\d)\2(\d\d)(?:[T ]00:00(?::00(?:\.0+)?)?Z?)?",
    re.ASCII,
)
_YEAR_MONTH = re.compile(r"(\d{4})\s*[-/ mM]\s*(\d\d?)", re.ASCII)
_MONTH_YEAR = re.compile(r"(\d\d?)\s*[-/]\s*(\d{4})", re.ASCII)
_QUARTER_YEAR = re.compile(r"[qQtT]\s*([1-4])\s*[-/ ]\s*(\d{4})", re.ASCII)
_YEAR_QUARTER = re.compile(r"(\d{4})\s*[-/ ]\s*[qQtT]\s*([1-4])", re.ASCII)
_YEAR_WEEK = re.compile(r"(\d{4})\s*[-/ ]?\s*[wW]\s*0?(\d\d?)", re.ASCII)


def read_period(text: str, period_type: str) -> str | None:
    """The id of the period of this type that a text names; None where there is doubt.

    A day names the period that begins on it; any other day may be the day of reporting.
    """
    bare = " ".join(text.split())
    for candidate in _candidates(bare, period_type):
        try:
            period = parse_period(candidate)
        except UsageError:
            continue
        if period.type == period_type:
            return period.id
    return _beginning(bare, period_type)


def _candidates(text: str, period_type: str) -> list[str]:
    """The ids that a text may be another spelling of."""
    found = [text]
    if period_type == "Monthly":
        found += [f"{year}{int(month):02}" for year, month in _year_and_month(text)]
    for pattern, order in ((_QUARTER_YEAR, (2, 1)), (_YEAR_QUARTER, (1, 2))):
        matched = pattern.fullmatch(text)
        found += ["{}Q{}".format(*(matched[part] for part in order))] if matched else []
    week = _YEAR_WEEK.fullmatch(text)
    return [*found, f"{week[1]}W{week[2]}"] if week else found


def _year_and_month(text: str) -> list[tuple[str, str | int]]:
    numbers = _YEAR_MONTH.fullmatch(text)
    if numbers:
        return [(numbers[1], numbers[2])]
    turned = _MONTH_YEAR.fullmatch(text)
    if turned:
        return [(turned[2], turned[1])]
    words = re.findall(r"[a-z]+|\d+", _without_accents(text))
    years = [word for word in words if re.fullmatch(r"\d{4}", word)]
    months = [MONTH_OF[word] for word in words if word in MONTH_OF]
    rest = [word for word in words if word not in MONTH_OF and word not in (*years, "de")]
    return [(years[0], months[0])] if len(years) == len(months) == 1 and not rest else []


def _without_accents(text: str) -> str:
    letters = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in letters if not unicodedata.combining(letter))


def _beginning(text: str, period_type: str) -> str | None:
    """The period that begins on the day a text names."""
    written = _DAY.fullmatch(text)
    if written is None:
        return None
    try:
        day = date(int(written[1]), int(written[3]), int(written[4]))
    except ValueError:
        return None
    period = period_of(period_type, day)
    return period.id if period.start == day else None
