"""What pandera found good once is good again; anything else is shown to pandera."""

import polars as pl
import pytest

from schemas.checking import failures
from schemas.values import Values

KEY = {
    "data_element": ["deCases0001"],
    "period": ["202609"],
    "org_unit": ["ouClinic00a"],
    "category_option_combo": ["coc"],
    "attribute_option_combo": ["aoc"],
}
GOOD = pl.DataFrame({**KEY, "value": [5.0]})


def test_a_frame_that_was_good_is_good_again() -> None:
    assert failures(GOOD, Values) == failures(GOOD.clone(), Values) == []


@pytest.mark.parametrize(
    "changed",
    [
        GOOD.with_columns(period=pl.lit(None, pl.String)),
        GOOD.with_columns(value=pl.lit(None, pl.Float64)),
        pl.concat([GOOD, GOOD.with_columns(org_unit=pl.lit(None, pl.String))]),
    ],
)
def test_one_that_is_not_the_same_is_looked_at_however_good_the_last_one_was(
    changed: pl.DataFrame,
) -> None:
    assert failures(GOOD, Values) == []

    assert [one.check for one in failures(changed, Values)] == ["not_nullable"]


def test_another_type_or_another_column_is_no_frame_of_this_kind() -> None:
    for changed in (GOOD.cast({"value": pl.Int64}), GOOD.drop("value"), GOOD.clear().drop("value")):
        with pytest.raises(TypeError):
            failures(changed, Values)
