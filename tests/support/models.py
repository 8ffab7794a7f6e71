"""Make a small table of a test a whole frame of its model."""

import pandera.polars as pa
import polars as pl

from pipeline.cells.key import KEY
from schemas.frames import empty


def completed(some: pl.DataFrame, model: type[pa.DataFrameModel]) -> pl.DataFrame:
    """The columns of a model in their order; of those that are left out, all is null.

    A cell that has no number gets one that its key alone decides.
    """
    shape = empty(model).schema
    key = pl.concat_str([name for name in KEY if name in some.columns], separator="/")
    columns = [
        pl.col(name).cast(kind)
        if name in some.columns
        else key.hash().alias(name)
        if name == "cell"
        else pl.lit(None, kind).alias(name)
        for name, kind in shape.items()
    ]
    return some.select(columns)
