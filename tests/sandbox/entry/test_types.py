"""A text is stored as its value type stores it, or has the key of DHIS2's refusal."""

import pytest

from sandbox.entry.types import (
    LONGEST,
    MORE_NO,
    MORE_YES,
    NO,
    YES,
    fault_of,
    is_zero,
    stored,
    without_zero_decimals,
)
from tests.sandbox.value_world import table

FAULTS = table("""
    type                     | text | key
    INTEGER_POSITIVE         | 0    | value_not_positive_integer
    INTEGER_NEGATIVE         | 1    | value_not_negative_integer
    INTEGER_ZERO_OR_POSITIVE | -1   | value_not_zero_or_positive_integer
    UNIT_INTERVAL            | 1.1  | value_not_unit_interval
    PERCENTAGE               | 100  |
    NUMBER                   | 1,5  | value_not_numeric
    DATE                     | soon | value_not_valid_date
    BOOLEAN                  | yes  | value_not_bool
    LONG_TEXT                | yes  |
""")


@pytest.mark.parametrize(("kind", "text", "key"), FAULTS)
def test_a_text_that_is_no_value_of_its_type_has_a_key(kind: str, text: str, key: str) -> None:
    assert (fault_of(kind, text, YES, NO) or "") == key


def test_no_value_is_longer_than_fifty_thousand_characters() -> None:
    assert fault_of("TEXT", "x" * LONGEST, YES, NO) is None
    assert fault_of("TEXT", "x" * (LONGEST + 1), YES, NO) == "value_length_greater_than_max_length"


def test_booleans_are_stored_in_full_and_2_43_knows_more_words_for_them() -> None:
    assert fault_of("BOOLEAN", "yes", MORE_YES, MORE_NO) is None
    assert (stored("BOOLEAN", "Yes", MORE_YES), stored("BOOLEAN", "0", YES)) == ("true", "false")


def test_zero_decimals_are_cut_off_integers_only() -> None:
    assert without_zero_decimals("INTEGER", "22.00") == "22"
    assert without_zero_decimals("NUMBER", "22.00") == "22.00"


def test_only_numbers_can_be_zero() -> None:
    assert is_zero("NUMBER", "0.0")
    assert not is_zero("TEXT", "0")
    assert not is_zero("INTEGER", "")
