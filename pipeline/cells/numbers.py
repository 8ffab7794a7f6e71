"""Numbers are Float64 inside and canonical text at the edges."""

from decimal import Decimal

import polars as pl

MOST_DIGITS = 15  # so many significant digits of a decimal survive in a Float64, whatever they are
DECIMALS = 10  # of a sum: what stands behind them is noise of the binary numbers
_MOST_EXACT = 10.0**15
NOT_FINITE_TEXT = r"(?i)^\s*[+-]?(nan|inf|infinity)\s*$"
_PLAIN = r"^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$"

# Value types of DHIS2, each with its least and greatest number (docs/dhis2.md, Texts of values).
INTEGER_TYPES = {
    "INTEGER": (-(2**31), 2**31 - 1),
    "INTEGER_POSITIVE": (1, 2**31 - 1),
    "INTEGER_NEGATIVE": (-(2**31), -1),
    "INTEGER_ZERO_OR_POSITIVE": (0, 2**31 - 1),
}
DECIMAL_TYPES = {
    "NUMBER": (float("-inf"), float("inf")),
    "PERCENTAGE": (0, 100),
    "UNIT_INTERVAL": (0, 1),
}


def number_of(text: pl.Expr) -> pl.Expr:
    """Read a number as servers write it (`5.0`, `2.0E7`); null where the text is none."""
    return pl.when(text.str.contains(_PLAIN)).then(text.cast(pl.Float64, strict=False))


def significant_digits(text: pl.Expr) -> pl.Expr:
    """Count the digits that carry meaning: no sign, exponent, leading or trailing zeros."""
    mantissa = text.str.replace(r"[eE].*$", "").str.strip_chars_start("+-")
    trimmed = (
        pl.when(mantissa.str.contains(".", literal=True))
        .then(mantissa.str.strip_chars_end("0"))
        .otherwise(mantissa)
    )
    digits = trimmed.str.replace_all(".", "", literal=True).str.strip_chars_start("0")
    whole = ~mantissa.str.contains(".", literal=True)
    return pl.when(whole).then(digits.str.strip_chars_end("0")).otherwise(digits).str.len_chars()


def canonical_text(number: pl.Expr) -> pl.Expr:
    """Write a number without exponent, trailing zeros or needless point: 5, 33.07, -0.5."""
    whole = (number == number.round(0)) & (number.abs() < _MOST_EXACT)
    plain = pl.when(whole).then(number).cast(pl.Int64, strict=False).cast(pl.String)
    fraction = (
        pl.when(~whole)
        .then(number)
        .map_elements(_written_out, return_dtype=pl.String, skip_nulls=True)
    )
    return pl.coalesce(plain, fraction)


def same_number(left: pl.Expr, right: pl.Expr) -> pl.Expr:
    """Whether two numbers have one canonical text; null where either is null.

    Most numbers are equal as they stand, and texts are made only of those that are not.
    """
    apart = left != right
    texts = [canonical_text(pl.when(apart).then(number)) for number in (left, right)]
    return ~apart | (texts[0] == texts[1])


def _written_out(number: float) -> str:
    """Write 15 digits at most: those behind them are noise of the binary number."""
    exact = Decimal(f"{number:.{MOST_DIGITS}g}")
    text = f"{exact:.{DECIMALS}f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def fits_type(number: pl.Expr, value_type: pl.Expr) -> pl.Expr:
    """Whether a number may stand in a data element of this value type."""
    fits = pl.lit(value=False)
    for name, (least, most) in INTEGER_TYPES.items():
        inside = (number == number.round(0)) & number.is_between(least, most)
        fits = pl.when(value_type == name).then(inside).otherwise(fits)
    for name, (lowest, highest) in DECIMAL_TYPES.items():
        fits = pl.when(value_type == name).then(number.is_between(lowest, highest)).otherwise(fits)
    return fits


def with_limits(rows: pl.DataFrame) -> pl.DataFrame:
    """`rows` with is_whole, least, most of their value_type; nulls for a type of no numbers."""
    limits = [
        *((name, True, float(least), float(most)) for name, (least, most) in INTEGER_TYPES.items()),
        *((name, False, float(low), float(high)) for name, (low, high) in DECIMAL_TYPES.items()),
    ]
    names = {
        "value_type": pl.String,
        "is_whole": pl.Boolean,
        "least": pl.Float64,
        "most": pl.Float64,
    }
    known = pl.DataFrame(limits, schema=names, orient="row")
    return rows.join(known, on="value_type", how="left", validate="m:1", maintain_order="left")


def fits_limits(number: pl.Expr) -> pl.Expr:
    """Whether a number may stand beside is_whole, least and most: `fits_type` for many rows."""
    whole = ~pl.col("is_whole") | (number == number.round(0))
    return (whole & number.is_between(pl.col("least"), pl.col("most"))).fill_null(value=False)
