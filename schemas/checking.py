"""Ask pandera, and get an answer that names rows; never a silent pass."""

from functools import cache
from typing import NamedTuple

import pandera.polars as pa
import polars as pl
from pandera.config import ValidationDepth, config_context
from pandera.errors import SchemaErrors


class BrokenRule(NamedTuple):
    """One rule that one row breaks: the row counted from 0, the column, the rule, what stood."""

    row: int
    column: str
    check: str
    value: str


@cache
def _shape(model: type[pa.DataFrameModel]) -> list[tuple[str, pl.DataType]]:
    """The columns of a model with their types, in their order."""
    return [(name, column.dtype.type) for name, column in model.to_schema().columns.items()]


def failures(frame: pl.DataFrame, model: type[pa.DataFrameModel]) -> list[BrokenRule]:
    """List what is wrong with the rows of a collected frame, in row order.

    The settings are pinned: pandera skips data checks on a lazy frame, and an environment
    variable can switch it off. An empty frame that has the columns and types breaks no rule, and
    is not shown to pandera, which takes some milliseconds for it. Raises `TypeError` when the
    frame's very shape is wrong.
    """
    if frame.is_empty() and list(frame.schema.items()) == _shape(model):
        return []
    try:
        with (
            config_context(
                validation_enabled=True, validation_depth=ValidationDepth.SCHEMA_AND_DATA
            ),
            pl.Config(engine_affinity="in-memory"),  # dozens of steps on a frame that is there
        ):
            model.validate(frame, lazy=True)
    except SchemaErrors as error:
        cases = error.failure_cases
    else:
        return []
    structural = cases.filter(pl.col("index").is_null())
    if not structural.is_empty():
        first = structural.row(0, named=True)
        raise TypeError(f"{model.__name__}: {first['column']} breaks {first['check']}")
    return sorted(
        BrokenRule(
            int(case["index"]),
            str(case["column"]),
            str(case["check"]).split("(")[0],
            str(case["failure_case"]),
        )
        for case in cases.iter_rows(named=True)
    )
