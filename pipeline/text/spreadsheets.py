"""What a spreadsheet makes of a code that looks like a number: fewer zeros, or fewer digits."""

import re
from decimal import Decimal

_AS_NUMBER = re.compile(r"[+-]?\d{1,40}(?:\.\d{0,40})?(?:[eE][+-]?\d{1,3})?", re.ASCII)
_PLAIN = re.compile(r"(?:0|[1-9]\d*)(?:[.,]0*)?", re.ASCII)
# 4E2 is a code; spreadsheets write 4E+02
_SCIENTIFIC = re.compile(r"(?=.*[.,+])\d(?:[.,](\d+))?[eE]\+?\d{1,3}", re.ASCII)
_DIGITS = re.compile(r"\d+", re.ASCII)
_KEPT_DIGITS = 15  # of a number; what follows becomes zeros


def as_number(code: str) -> Decimal | None:
    """The number that a spreadsheet takes a code for, None where it leaves it a text."""
    return Decimal(code) if _AS_NUMBER.fullmatch(code) else None


def may_be_cut(text: str) -> bool:
    """Whether a spreadsheet writes a number so: no zero in front, none or only zeros behind."""
    return _PLAIN.fullmatch(text) is not None


def is_rounded(text: str) -> bool:
    """Whether a spreadsheet writes a long number so, some of its digits lost: 1.2E+11."""
    if _SCIENTIFIC.fullmatch(text):
        return True
    zeros = text[_KEPT_DIGITS:]
    return _DIGITS.fullmatch(text) is not None and bool(zeros) and set(zeros) == {"0"}


def may_come_from(text: str, code: str) -> bool:
    """Whether a rounded text may have been this code."""
    scientific = _SCIENTIFIC.fullmatch(text)
    if scientific is None:
        alike = len(code) == len(text) and code.startswith(text[:_KEPT_DIGITS])
        return alike and _DIGITS.fullmatch(code) is not None
    number, told = as_number(code), Decimal(text.replace(",", "."))
    last_digit = Decimal(1).scaleb(told.adjusted() - len(scientific[1] or ""))
    return number is not None and abs(number - told) <= last_digit / 2


def hint(text: str) -> str:
    """What to do about an id that a spreadsheet made a number of; empty where it did not."""
    if is_rounded(text):
        return "; a spreadsheet rounded it: format the column as text, and write the id again"
    if _AS_NUMBER.fullmatch(text) and not text.startswith("0"):
        return "; a spreadsheet may have taken zeros from its front, or put .0 behind it"
    return ""
