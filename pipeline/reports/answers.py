"""Lay out the rows of an answer, which come as text, for a spreadsheet or for a script."""

import json
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Literal

import polars as pl

from pipeline.reports.harmless import spreadsheet_text, with_texts

Kind = Literal["number", "truth", "nested", "text"]
Kinds = Mapping[str, Kind]

_NO_NUMBERS = ("nan", "inf", "-inf")


def plain_number(text: str) -> str:
    """Write a number without exponent or needless point: `1e+15` and `12.0` as people do."""
    if "e" in text:
        return f"{Decimal(text):f}"
    return text.removesuffix(".0")


def with_plain_numbers(rows: pl.DataFrame, kinds: Kinds) -> pl.DataFrame:
    """Write the columns of numbers plainly; nulls and other columns stay."""
    numbers = [name for name, kind in kinds.items() if kind == "number"]
    return rows.with_columns(_plainly(rows[name]) for name in numbers)


def _plainly(numbers: pl.Series) -> pl.Series:
    if not numbers.str.contains("e", literal=True).any():
        return numbers.str.strip_suffix(".0")
    return numbers.map_elements(plain_number, return_dtype=pl.String, skip_nulls=True)


def as_csv(rows: pl.DataFrame, kinds: Kinds, *, header: bool) -> str:
    """Give rows as CSV in which nothing is a formula; numbers stay numbers, -5 too."""
    texts = [name for name, kind in kinds.items() if kind != "number"]
    harmless = rows.with_columns(with_texts(rows.select(texts), spreadsheet_text))
    named = harmless.rename({name: spreadsheet_text(name) for name in rows.columns})
    return named.write_csv(include_header=header)


def as_json(rows: pl.DataFrame, kinds: Kinds) -> Iterator[str]:
    """Give one JSON object per row; a number that JSON cannot tell is null."""
    names = [json.dumps(name, ensure_ascii=False) for name in rows.columns]
    for row in rows.iter_rows():
        told = zip(names, row, kinds.values(), strict=True)
        yield "{" + ", ".join(f"{name}: {_json(text, kind)}" for name, text, kind in told) + "}"


def _json(text: str | None, kind: Kind) -> str:
    if text is None or (kind == "number" and text in _NO_NUMBERS):
        return "null"
    return json.dumps(text, ensure_ascii=False) if kind == "text" else text
