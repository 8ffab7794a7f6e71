"""What all frames that go from stage to stage have in common, and how one is checked.

Each is checked once, where it crosses a threshold (read from a file, a server or the store, or
handed to the next stage); inside a room its type is trusted.
"""

from typing import TypeVar, cast

import pandera.polars as pa
import polars as pl
from pandera.typing.polars import DataFrame

from schemas.checking import failures

Model = TypeVar("Model", bound=pa.DataFrameModel)


class Frame(pa.DataFrameModel):
    """What is common to all: the columns are these, in this order, and no others."""

    class Config:
        """Every column is declared; another one, or another order, is a mistake of the house."""

        strict = True
        ordered = True


def checked(frame: pl.DataFrame, model: type[Model]) -> DataFrame[Model]:
    """The same frame, of which pandera found nothing wrong; what is wrong is a bug of ours.

    Raises `TypeError` for other columns or types, `ValueError` for rows that break a rule.
    """
    if wrong := failures(frame, model):
        first = wrong[0]
        raise ValueError(f"{model.__name__}: row {first.row}, {first.column} breaks {first.check}")
    return trusted(frame, model)


def trusted(frame: pl.DataFrame, _model: type[Model]) -> DataFrame[Model]:
    """The same frame under its type: it was made here of frames that were checked."""
    return cast("DataFrame[Model]", frame)


def columns(model: type[pa.DataFrameModel]) -> tuple[str, ...]:
    """The names of a model's columns, in their order."""
    return tuple(model.to_schema().columns)


def empty(model: type[Model]) -> DataFrame[Model]:
    """A frame of this type without a row."""
    shape = {name: column.dtype.type for name, column in model.to_schema().columns.items()}
    return trusted(pl.DataFrame(schema=shape), model)
