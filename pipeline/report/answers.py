"""The rows of an answer, which come as text, laid out for a spreadsheet or for a script."""

import json
from collections.abc import Iterator, Mapping
from decimal import Context
from typing import Literal

import polars as pl

from pipeline.text.escaping import spreadsheet_text, with_texts

ColumnKind = Literal["number", "double", "truth", "nested", "text"]
ColumnKinds = Mapping[str, ColumnKind]

NUMBER_KINDS = ("number", "double")
_NO_NUMBERS = ("nan", "inf", "-inf")
_FIFTEEN_DIGITS = Context(prec=15)
_LONGEST_SHORT = 16


def plain_number(text: str) -> str:
    """Write a number as people do: `12.0`, `1e+15` and `390.45000000000005` are 12, 1… and 390.45.

    More than fifteen digits are the noise of a number's binary form.
    """
    if text in _NO_NUMBERS:
        return text
    digits = f"{_FIFTEEN_DIGITS.create_decimal(text):f}"
    return digits.rstrip("0").rstrip(".") if "." in digits else digits


def with_plain_numbers(rows: pl.DataFrame, kinds: ColumnKinds) -> pl.DataFrame:
    """Write the columns of doubles plainly; nulls and other columns stay, exact numbers too."""
    doubles = [name for name, kind in kinds.items() if kind == "double"]
    return rows.with_columns(_plainly(rows[name]) for name in doubles)


def _plainly(numbers: pl.Series) -> pl.Series:
    """Write each of the long ones plainly; most are short, and need only lose a `.0`."""
    long = numbers.str.contains("e", literal=True) | (numbers.str.len_chars() > _LONGEST_SHORT)
    if not long.any():
        return numbers.str.strip_suffix(".0")
    return numbers.map_elements(plain_number, return_dtype=pl.String, skip_nulls=True)


def rows_as_csv(rows: pl.DataFrame, kinds: ColumnKinds, *, header: bool) -> str:
    """Rows as CSV in which nothing is a formula; numbers stay numbers, -5 too."""
    texts = [name for name, kind in kinds.items() if kind not in NUMBER_KINDS]
    harmless = rows.with_columns(with_texts(rows.select(texts), spreadsheet_text))
    named = harmless.rename({name: spreadsheet_text(name) for name in rows.columns})
    return named.write_csv(include_header=header)


def rows_as_json(rows: pl.DataFrame, kinds: ColumnKinds) -> Iterator[str]:
    """One JSON object per row; a number that JSON cannot hold is null."""
    names = [json.dumps(name, ensure_ascii=False) for name in rows.columns]
    for row in rows.iter_rows():
        fields = zip(names, row, kinds.values(), strict=True)
        yield "{" + ", ".join(f"{name}: {_json(text, kind)}" for name, text, kind in fields) + "}"


def _json(text: str | None, kind: ColumnKind) -> str:
    if text is None or (kind == "double" and text in _NO_NUMBERS):
        return "null"
    return json.dumps(text, ensure_ascii=False) if kind == "text" else text
