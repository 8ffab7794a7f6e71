"""Read periods as people and spreadsheets write them: Oct-26, 2026-10, 01/10/2026, S1 2026, 46296.

What leaves no doubt is read, by the type of period that is asked. A day names the period that
begins on it. A column in which some day begins no period holds days of reporting: then none of
its days is taken for a period.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from datetime import date, timedelta

from pipeline.cells.periods import PERIOD_TYPES, parse_period, period_of
from pipeline.text.errors import UsageError

# English, French, Portuguese and Spanish, whole or cut to three letters; accents are taken off.
MONTHS = (
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
    for number, names in enumerate(MONTHS, start=1)
    for name in names
    for length in range(_SHORTEST, len(name) + 1)
    if name[:length] not in _AMBIGUOUS
} | {"sept": 9}

_BETWEEN = r"\s*[-/ ]?\s*"
_ISO_DAY = re.compile(r"(\d{4})([-/.]?)(\d\d)\2(\d\d)(?:[T ]00:00(?::00(?:\.0+)?)?Z?)?", re.ASCII)
_SHORT_DAY = re.compile(r"(\d\d?)([-/.])(\d\d?)\2(\d{4})(?: 0?0:00(?::00)?)?", re.ASCII)
_YEAR_MONTH = re.compile(r"(\d{4})\s*[-/. mM]\s*(\d\d?)", re.ASCII)
_MONTH_YEAR = re.compile(r"(\d\d?)\s*[-/.]\s*(\d{4})", re.ASCII)
_YEAR_SPAN = re.compile(r"(\d{4})\s*[-/]\s*(\d{4}|\d\d)", re.ASCII)
_WHOLE = re.compile(r"(\d+)\.0+", re.ASCII)
_SERIAL_DAY = re.compile(r"[345]\d{4}", re.ASCII)  # 1982 to 2064
_EXCEL_ZERO = date(1899, 12, 30)  # Excel's day 0, as counted after its 29th of February 1900
_CENTURY = 2000
# How a numbered part of a year is written, in front of its number: by the form of the type's ids.
_PARTS = {
    "Quarterly": ("Q", r"(?:q|t|quarter|trimestre|trim)\.?"),
    "SixMonthly": ("S", r"(?:s|h|half|semester|semestre|sem)\.?"),
    "Weekly": ("W", r"(?:w|wk|week|sem|semaine|semana)\.?"),
}


def read_periods(texts: Iterable[str], period_type: str) -> dict[str, str]:
    """The id of the period of this type that each text of a column names.

    A text that leaves a doubt is left out.
    """
    read: dict[str, str] = {}
    days: dict[str, set[str]] = {}
    for text in dict.fromkeys(texts):
        bare = _plainly(text)
        found = _named(bare, period_type)
        if found:
            read[text] = found
        elif written := list(_days(bare)):
            days[text] = {one for day in written if (one := _beginning(day, period_type))}
    are_periods = all(len(begun) == 1 for begun in days.values())
    return read | ({text: begun.pop() for text, begun in days.items()} if are_periods else {})


def read_period_of_any_type(text: str) -> str | None:
    """The id of the only period, of whatever type, that a text names; days name none here."""
    bare = _plainly(text)
    found = {period for one in PERIOD_TYPES if (period := _named(bare, one))}
    if bare in found:
        return bare
    return found.pop() if len(found) == 1 and not bare.isdecimal() else None


def _plainly(text: str) -> str:
    """The text with single blanks, and a whole number without the point a spreadsheet gave it."""
    bare = " ".join(text.split())
    whole = _WHOLE.fullmatch(bare)
    return whole[1] if whole else bare


def _named(text: str, period_type: str) -> str | None:
    for candidate in _candidates(text, period_type):
        try:
            period = parse_period(candidate)
        except UsageError:
            continue
        if period.type == period_type:
            return period.id
    return None


def _candidates(text: str, period_type: str) -> Iterator[str]:
    """The ids that a text may be another spelling of."""
    yield text
    if period_type == "Monthly":
        yield from (f"{year}{month:02}" for year, month in _year_and_month(text))
    if period_type in _PARTS:
        letter, words = _PARTS[period_type]
        yield from (f"{year}{letter}{number}" for year, number in _year_and_part(text, words))
    if period_type == "Weekly" and re.fullmatch(r"\d{6}", text, re.ASCII):
        yield f"{text[:4]}W{int(text[4:])}"
    if span := _YEAR_SPAN.fullmatch(text):
        yield from _spanning(int(span[1]), span[2], period_type)


def _year_and_month(text: str) -> Iterator[tuple[int, int]]:
    if numbers := _YEAR_MONTH.fullmatch(text):
        yield int(numbers[1]), int(numbers[2])
    elif turned := _MONTH_YEAR.fullmatch(text):
        yield int(turned[2]), int(turned[1])
    words = re.findall(r"[a-z]+|\d+", _without_accents(text))
    years = [int(word) for word in words if re.fullmatch(r"\d{4}", word)]
    years += [_CENTURY + int(word) for word in words if re.fullmatch(r"\d\d", word)]
    months = [MONTH_OF[word] for word in words if word in MONTH_OF]
    rest = [word for word in words if word.isalpha() and word not in MONTH_OF and word != "de"]
    if len(years) == len(months) == 1 and not rest and len(words) <= len("mdy"):
        yield years[0], months[0]


def _year_and_part(text: str, words: str) -> Iterator[tuple[int, int]]:
    plain = _without_accents(text)
    if found := re.fullmatch(rf"{words}\s*0?(\d\d?){_BETWEEN}(\d{{4}})", plain, re.ASCII):
        yield int(found[2]), int(found[1])
    if found := re.fullmatch(rf"(\d{{4}}){_BETWEEN}{words}\s*0?(\d\d?)", plain, re.ASCII):
        yield int(found[1]), int(found[2])


def _spanning(first: int, second: str, period_type: str) -> Iterator[str]:
    """The year of a type that begins in one calendar year and ends in the next, as 2026/27."""
    last = int(second) if len(second) == len("2027") else first // 100 * 100 + int(second)
    if last != first + 1 or not period_type.startswith("Financial"):
        return
    for day in (date(first, 12, 31), date(first, 1, 1)):
        period = period_of(period_type, day)
        if (period.start.year, period.end.year) == (first, last):
            yield period.id
            return


def _days(text: str) -> Iterator[date]:
    """The days that a text may name, one of them in the order of either side of the Atlantic."""
    if written := _ISO_DAY.fullmatch(text):
        yield from _existing(written[1], written[3], written[4])
    elif written := _SHORT_DAY.fullmatch(text):
        yield from _existing(written[4], written[3], written[1])
        yield from _existing(written[4], written[1], written[3])
    elif _SERIAL_DAY.fullmatch(text):
        yield _EXCEL_ZERO + timedelta(days=int(text))


def _existing(year: str, month: str, day: str) -> Iterator[date]:
    try:
        yield date(int(year), int(month), int(day))
    except ValueError:
        return


def _beginning(day: date, period_type: str) -> str | None:
    period = period_of(period_type, day)
    return period.id if period.start == day else None


def _without_accents(text: str) -> str:
    letters = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in letters if not unicodedata.combining(letter))
