"""Rows are counted so that none can vanish, and too many rejects stop a run."""

import polars as pl
import pytest

from pipeline.text.errors import ExitCode, TallyError
from pipeline.transform.rules.counts import (
    RowCounts,
    all_rejects,
    are_too_many,
    counts_of_rows,
    letter_of_rejects,
)
from pipeline.transform.rules.culprits import culprits
from pipeline.transform.rules.mapping import Mapped, together, with_reasons
from pipeline.transform.rules.merging import Merged
from schemas.frames import empty
from schemas.values import PackedCells, PackedValues
from tests.support.frames import frame


def rejects(*rules: str) -> pl.DataFrame:
    names = ("program_indicator", "category_options", "period", "org_unit", "value")
    return with_reasons(
        pl.DataFrame({"rule_id": rules}, schema={"rule_id": pl.String}).with_columns(
            pl.lit("x").alias(name) for name in names
        )
    )


def accepted(*cells: int) -> pl.DataFrame:
    return pl.DataFrame(
        {"row": cells, "cell": cells, "value": [1.0] * len(cells)},
        schema={"row": pl.UInt64, "cell": pl.UInt64, "value": pl.Float64},
    )


def merged(cells: set[int], *rules: str) -> Merged:
    values = accepted(*sorted(cells)).select("cell", "value")
    return Merged(values, rejects(*rules), empty(PackedCells))


def test_several_rows_may_be_one_value() -> None:
    mapped = Mapped(accepted(7, 7, 8), rejects("R01"), empty(PackedCells))
    one_of_each = merged({7, 8})

    counts = counts_of_rows(mapped, one_of_each, all_rejects(mapped, one_of_each), "run")

    assert counts == RowCounts(rows=4, accepted=3, rejects=1, values=2)


def test_rejects_of_both_steps_come_in_one_order() -> None:
    mapped = Mapped(accepted(7, 8), rejects("R09", "R01"), empty(PackedCells))
    half = merged({8}, "R05")

    both = all_rejects(mapped, half)

    assert both["rule_id"].to_list() == ["R01", "R05", "R09"]
    assert counts_of_rows(mapped, half, both, "run") == RowCounts(4, 1, 3, 1)


def test_a_row_that_is_neither_value_nor_reject_is_a_bug_of_ours() -> None:
    mapped = Mapped(accepted(7, 8), rejects("R01"), empty(PackedCells))
    half = merged({8})

    with pytest.raises(TallyError, match="3 came, 1 were accepted and 1 handed back") as told:
        counts_of_rows(mapped, half, all_rejects(mapped, half), "data/runs/fever/1")
    assert told.value.exit_code == ExitCode.BUG
    assert told.value.where == "data/runs/fever/1"


@pytest.mark.parametrize(
    ("rules", "rows", "share", "many"),
    [
        (("R01", "R02"), 4, 0.5, False),
        (("R01", "R02"), 4, 1, False),
        (("R01", "R02", "R02"), 4, 0.5, True),
        (("R05", "R05", "R05"), 3, 0, False),
        (("R05", "R05", "R01"), 3, 0, True),
    ],
)
def test_rejects_up_to_the_limit_are_allowed_and_those_outside_the_scope_do_not_count(
    rules: tuple[str, ...], rows: int, share: float, many: bool
) -> None:
    assert are_too_many(rejects(*rules), rows, share) is many


TARGETS = frame("""
    program_indicator | category_options | data_element | value_type
    x                 | x                | de_weight    | INTEGER
""")
NAMES = {
    "program_indicator": {"x": "Mean weight"},
    "data_element": {"de_weight": "Weight"},
    "org_unit": {},
}


def test_the_letter_names_the_most_frequent_reason_its_count_its_element_and_an_example() -> None:
    rejected = rejects("R13", "R01", "R13").with_columns(
        period=pl.lit("202610"), value=pl.lit("2.5")
    )
    guilty = culprits(rejected, TARGETS)

    letter = letter_of_rejects(guilty, rejected, 4, NAMES)

    assert letter.exit_code == ExitCode.FINDINGS
    assert letter.what == (
        "3 of 4 rows rejected, most of them (2) because: the value does not fit the value type of "
        "the target data element; mend the type, or map the count to another element. 2 of these: "
        "program indicator Mean weight (x), mapped to data element Weight (de_weight) (INTEGER)"
    )
    assert "period 202610, org unit x, where the server says 2.5" in letter.remedy


def test_a_count_that_is_not_mapped_is_named_without_an_element() -> None:
    rejected = rejects("R01")
    guilty = culprits(rejected, TARGETS.clear())

    letter = letter_of_rejects(guilty, rejected, 1, {})

    assert letter.what.endswith("1 of these: program indicator x")


def test_no_answer_at_all_is_no_row() -> None:
    nothing = together([])
    none = Merged(empty(PackedValues), nothing.rejects, nothing.doubtful)

    counts = counts_of_rows(nothing, none, all_rejects(nothing, none), "run")

    assert counts == RowCounts(0, 0, 0, 0)
    assert not are_too_many(nothing.rejects, 0, 0)
