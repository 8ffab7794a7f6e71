"""Fill up what a page does not care for, so that a frame has all the columns of its model."""

from typing import TypeVar

import pandera.polars as pa
import polars as pl
from pandera.typing.polars import DataFrame

from schemas.frames import empty, trusted

Model = TypeVar("Model", bound=pa.DataFrameModel)


def whole(partial: pl.DataFrame, model: type[Model]) -> DataFrame[Model]:
    """Give a frame of this model; a column that is not given is null, or `x`, or false."""
    declared = model.to_schema().columns
    filled = [
        pl.col(name).cast(kind)
        if name in partial.columns
        else pl.lit(_usual(kind, nullable=declared[name].nullable), kind).alias(name)
        for name, kind in empty(model).schema.items()
    ]
    return trusted(partial.select(filled), model)


def _usual(kind: pl.DataType, *, nullable: bool) -> object:
    if nullable:
        return None
    return {pl.String(): "x", pl.Boolean(): False, pl.Float64(): 0.0}[kind]
