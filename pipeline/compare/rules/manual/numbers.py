"""Read numbers as people type them, and only where there is no doubt what was meant."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from pipeline.cells.numbers import DECIMALS, MOST_DIGITS

BLANK = "nothing"
UNREADABLE = "unreadable"
AMBIGUOUS = "ambiguous"

_SPACES = (
    " \u00a0\u2007\u2009\u202f'\u2019"  # what stands between thousands in one country or another
)
_GROUPED = re.compile(rf"[1-9]\d{{0,2}}(?:([{_SPACES}])\d{{3}})(?:\1\d{{3}})*(?=[.,]|$)", re.ASCII)
_PLAIN = re.compile(r"\d+", re.ASCII)
_ONE_MARK = re.compile(r"(\d*)([.,])(\d+)", re.ASCII)
_THOUSANDS = re.compile(r"[1-9]\d{0,2}(?:([.,])\d{3})(?:\1\d{3})*", re.ASCII)
_BOTH = re.compile(r"([1-9]\d{0,2}(?:([.,])\d{3})(?:\2\d{3})*)([.,])(\d+)", re.ASCII)
# What R, pandas and databases write where there is no number.
_NOTHING = frozenset(("NA", "<NA>", "NaN", "nan", "NULL", "None"))
_POWER = re.compile(r"(\d(?:\.\d+)?)e\+(\d\d)", re.ASCII)  # as R writes 100000; Excel cuts digits
_OTHER = {".": ",", ",": "."}
_GROUP = 3


class Reading(NamedTuple):
    """What a text means: a number, or the doubt about it.

    Where the mark before three digits may stand for decimals or for thousands, both are kept.
    `mark` is the decimal mark that the text proves its writer to use.
    """

    number: float | None = None
    doubt: str = ""
    mark: str = ""
    if_decimal: Mapping[str, float] | None = None


def read_numbers(texts: Iterable[str]) -> dict[str, Reading]:
    """Read the distinct texts of one file; what one leaves open, the others may settle.

    `1,234` is one number where the file has decimal points, and another where it has commas.
    """
    readings = {text: read_number(text) for text in texts}
    marks = Counter(reading.mark for reading in readings.values() if reading.mark)
    if len(marks) != 1:
        return readings
    (mark,) = marks
    return {
        text: Reading(reading.if_decimal[mark]) if reading.if_decimal else reading
        for text, reading in readings.items()
    }


def read_number(text: str) -> Reading:
    """Read one text by itself."""
    bare = text.strip().replace("\u2212", "-")
    if not bare or bare in _NOTHING:
        return Reading(doubt=BLANK)
    sign = -1 if bare.startswith("-") else 1
    digits = bare[1:] if bare[0] in "+-" else bare
    power = _POWER.fullmatch(digits)
    reading = _with_power(*power.groups()) if power else _unsigned(digits)
    if sign == 1 or reading.doubt == UNREADABLE:
        return reading
    both = {mark: -number for mark, number in (reading.if_decimal or {}).items()}
    return reading._replace(
        number=None if reading.number is None else -reading.number or 0.0,
        if_decimal=both or None,
    )


def _unsigned(text: str) -> Reading:
    if _PLAIN.fullmatch(text):
        return _number(text)
    spaced = _GROUPED.match(text)
    if spaced:
        whole = re.sub(rf"[{_SPACES}]", "", spaced[0])
        rest = text[spaced.end() :]
        return _with_decimals(whole, rest[0], rest[1:]) if rest else _number(whole)
    both = _BOTH.fullmatch(text)
    if both and both[2] != both[3]:
        return _with_decimals(both[1].replace(both[2], ""), both[3], both[4])
    marked = _ONE_MARK.fullmatch(text)
    if marked:
        return _one_mark(*marked.groups())
    thousands = _THOUSANDS.fullmatch(text)
    if thousands:
        reading = _number(text.replace(thousands[1], ""))
        return reading._replace(mark=_OTHER[thousands[1]])
    return Reading(doubt=UNREADABLE)


def _one_mark(before: str, mark: str, after: str) -> Reading:
    """Read a number with one mark: decimals, unless three digits follow as they do thousands."""
    if len(after) != _GROUP or len(before) > _GROUP or before in ("", "0"):
        return _with_decimals(before or "0", mark, after)
    if before.startswith("0"):
        return Reading(doubt=UNREADABLE)
    decimal, thousands = _number(f"{before}.{after}"), _number(before + after)
    if decimal.number is None or thousands.number is None:
        return Reading(doubt=UNREADABLE)
    both = {mark: decimal.number, _OTHER[mark]: thousands.number}
    return Reading(doubt=AMBIGUOUS, if_decimal=both)


def _with_decimals(whole: str, mark: str, decimals: str) -> Reading:
    if not _PLAIN.fullmatch(decimals):
        return Reading(doubt=UNREADABLE)
    return _number(f"{whole}.{decimals}")._replace(mark=mark)


def _with_power(digits: str, power: str) -> Reading:
    """A whole number whose zeros are counted, as 1e+05."""
    whole, _, decimals = digits.partition(".")
    if not len(decimals) <= int(power) < MOST_DIGITS:
        return Reading(doubt=UNREADABLE)
    return _number((whole + decimals).ljust(int(power) + 1, "0"))


def _number(written: str) -> Reading:
    """The number of digits with a point at most; more digits than a number holds are doubt.

    The last of 17 digits, as programs write 3.3 as 3.2999999999999998, are noise behind a point.
    """
    whole, _, decimals = written.partition(".")
    digits = (whole + decimals).strip("0")
    is_noise = len(decimals) > DECIMALS and len(whole) + DECIMALS <= MOST_DIGITS
    if len(digits) > MOST_DIGITS and not is_noise:
        return Reading(doubt=UNREADABLE)
    return Reading(round(float(written), DECIMALS))
