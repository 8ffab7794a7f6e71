"""Numbers are read as servers write them, and written as forms take them."""

from decimal import Decimal

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.cells.numbers import (
    INTEGER_TYPES,
    canonical_text,
    fits_type,
    number_of,
    same_number,
    significant_digits,
)


def read(text: str) -> float | None:
    number = pl.DataFrame({"text": [text]}).select(number_of(pl.col("text"))).item()
    assert number is None or isinstance(number, float)
    return number


def written(number: float) -> str:
    return str(pl.DataFrame({"n": [number]}).select(canonical_text(pl.col("n"))).item())


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("5", 5.0),
        ("5.0", 5.0),
        ("2.0E7", 2e7),
        ("-0.5", -0.5),
        ("+3", 3.0),
        (".5", 0.5),
        ("5.", 5.0),
        ("007", 7.0),
        ("3000000000", 3e9),
        ("", None),
        (" ", None),
        (" 5", None),
        ("5 ", None),
        ("1,000", None),
        ("1 000", None),
        ("0x10", None),
        ("NaN", None),
        ("Infinity", None),
        ("five", None),
        ("5\n", None),
        ("1e", None),
        ("--1", None),
        ("\u0665", None),  # an Arabic five: servers write none
    ],
)
def test_a_text_is_a_plain_number_or_none(text: str, number: float | None) -> None:
    assert read(text) == number


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (5.0, "5"),
        (0.0, "0"),
        (-0.0, "0"),
        (33.07, "33.07"),
        (-0.5, "-0.5"),
        (2e7, "20000000"),
        (3e9, "3000000000"),
        (999999999999999.0, "999999999999999"),
        (0.1 + 0.2, "0.3"),
        (1e-7, "0.0000001"),
        (-1e-12, "0"),
        (562555.1898, "562555.1898"),
        (562555.1898 + 0.1, "562555.2898"),
        (3e15, "3000000000000000"),
    ],
)
def test_a_number_is_written_plainly(number: float, text: str) -> None:
    assert written(number) == text


@given(st.decimals(min_value=-(10**9), max_value=10**9, places=4, allow_nan=False))
def test_what_is_written_is_what_was_read(exact: Decimal) -> None:
    number = read(f"{exact:f}")

    assert number is not None
    assert Decimal(written(number)) == exact
    assert read(written(number)) == number


@given(st.integers(-(10**14), 10**14), st.integers(0, 9))
def test_equal_numbers_have_one_text(whole: int, zeros: int) -> None:
    number = read(f"{whole}.{'0' * (zeros + 1)}")

    assert number is not None
    assert written(number) == str(whole)


@pytest.mark.parametrize(
    ("text", "digits"),
    [
        ("5", 1),
        ("5.0", 1),
        ("500", 1),
        ("0.0050", 1),
        ("-12.340", 4),
        ("2.0E7", 1),
        ("0", 0),
        ("0.0", 0),
        ("123456789012345", 15),
        ("1234567890123456", 16),
        ("0.1234567890123456", 16),
        ("1000000000000001", 16),
    ],
)
def test_the_digits_that_mean_something_are_counted(text: str, digits: int) -> None:
    counted = pl.DataFrame({"text": [text]}).select(significant_digits(pl.col("text"))).item()

    assert counted == digits


@pytest.mark.parametrize(
    ("value_type", "fitting", "strange"),
    [
        ("INTEGER", [0, -1, 2**31 - 1, -(2**31)], [0.5, 2**31, -(2**31) - 1]),
        ("INTEGER_POSITIVE", [1, 2**31 - 1], [0, -1, 1.5]),
        ("INTEGER_NEGATIVE", [-1], [0, 1]),
        ("INTEGER_ZERO_OR_POSITIVE", [0, 7], [-1, 7.1]),
        ("NUMBER", [0, -1.25, 1e12], [float("nan")]),
        ("PERCENTAGE", [0, 33.3, 100], [-0.1, 100.1]),
        ("UNIT_INTERVAL", [0, 0.5, 1], [1.01, -0.01]),
        ("TEXT", [], [0, 1]),
        ("BOOLEAN", [], [0, 1]),
    ],
)
def test_a_number_fits_the_type_of_its_element(
    value_type: str, fitting: list[float], strange: list[float]
) -> None:
    table = pl.DataFrame({"n": [float(one) for one in [*fitting, *strange]]})

    fits = table.select(fits_type(pl.col("n"), pl.lit(value_type))).to_series()

    assert fits.to_list() == [True] * len(fitting) + [False] * len(strange)


def test_every_integer_type_of_the_contract_has_32_bits() -> None:
    assert all(-(2**31) <= least <= most < 2**31 for least, most in INTEGER_TYPES.values())


NEAR = st.sampled_from(
    (None, 0.0, -0.0, 5.0, 5.00000000001, 5.1, 0.3, 0.1 + 0.2, 1e15, 1e16, 2e-11)
)


@given(NEAR | st.floats(-1e6, 1e6), NEAR | st.floats(-1e6, 1e6))
def test_two_numbers_are_one_when_their_texts_are(left: float | None, right: float | None) -> None:
    both = pl.DataFrame(
        {"left": [left], "right": [right]}, schema={"left": pl.Float64, "right": pl.Float64}
    )

    same = both.select(same_number(pl.col("left"), pl.col("right"))).item()

    if left is None or right is None:
        assert same is None
    else:
        assert same == (written(left) == written(right))
