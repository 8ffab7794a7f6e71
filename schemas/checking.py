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


MOST_REMEMBERED = 10_000  # rows; a larger frame is not kept in memory for this
_FOUND_GOOD: dict[type[pa.DataFrameModel], pl.DataFrame] = {}


def _is_known_as_good(frame: pl.DataFrame, model: type[pa.DataFrameModel]) -> bool:
    """Whether pandera would find what it found before: the same rules hold for the same frame."""
    if frame.is_empty():
        return list(frame.schema.items()) == _shape(model)
    before = _FOUND_GOOD.get(model)
    return before is not None and before.schema == frame.schema and before.equals(frame)


@cache
def _shape(model: type[pa.DataFrameModel]) -> list[tuple[str, pl.DataType]]:
    """The columns of a model with their types, in their order."""
    return [(name, column.dtype.type) for name, column in model.to_schema().columns.items()]


def failures(frame: pl.DataFrame, model: type[pa.DataFrameModel]) -> list[BrokenRule]:
    """List what is wrong with the rows of a collected frame, in row order.

    The settings are pinned: pandera skips data checks on a lazy frame, and an environment
    variable can switch it off. It takes some milliseconds for any frame, so it is not shown an
    empty one that has the columns and types, nor the one again that it found good last: a run
    reads the same metadata and tables several times. Raises `TypeError` when the frame's very
    shape is wrong.
    """
    if _is_known_as_good(frame, model):
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
        if frame.height <= MOST_REMEMBERED:
            _FOUND_GOOD[model] = frame
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
