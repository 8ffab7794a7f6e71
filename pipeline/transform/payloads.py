"""Write planned values in the words a server takes, built by expressions, cut by data set."""

import gzip
import hashlib
import json
from typing import NamedTuple

import polars as pl

from pipeline.transform.cells import KEY
from pipeline.transform.plan import WRITING

_MEMBERS = {
    "dataElement": "data_element",
    "period": "period",
    "orgUnit": "org_unit",
    "categoryOptionCombo": "category_option_combo",
    "attributeOptionCombo": "attribute_option_combo",
    "value": "send",
}


class Chunk(NamedTuple):
    """One request's worth of a plan: one data set, some periods, and the rows in their order."""

    number: int
    data_set: str
    rows: pl.DataFrame

    @property
    def periods(self) -> list[str]:
        """List the periods this chunk writes."""
        return self.rows["period"].unique().sort().to_list()


def cut(plan: pl.DataFrame, most_rows: int) -> list[Chunk]:
    """Cut the writing rows of a plan into chunks of one data set, periods kept together."""
    writing = plan.filter(pl.col("action").is_in(WRITING)).sort("data_set", *_order())
    chunks: list[Chunk] = []
    for (data_set,), rows in writing.group_by(["data_set"], maintain_order=True):
        for start in range(0, rows.height, most_rows):
            part = rows.slice(start, most_rows)
            chunks.append(Chunk(len(chunks) + 1, str(data_set), part))
    return chunks


def _order() -> tuple[str, ...]:
    return ("period", "org_unit", *(part for part in KEY if part not in {"period", "org_unit"}))


def payload(data_set: str, rows: pl.DataFrame) -> bytes:
    """Write a data value set: the data set named, all five parts of each key, values as text.

    Ids, periods and numbers need no escaping; a comment goes through the JSON writer.
    """
    parts = []
    for at, (member, column) in enumerate(_MEMBERS.items()):
        parts += [pl.lit(f'{"," if at else "{"}"{member}":"'), pl.col(column), pl.lit('"')]
    comment = pl.col("comment").map_elements(json.dumps, return_dtype=pl.String, skip_nulls=True)
    lines = rows.select(
        pl.concat_str(
            *parts,
            pl.when("delete").then(pl.lit(',"deleted":true')).otherwise(pl.lit("")),
            pl.when(pl.col("comment").is_not_null())
            .then(pl.concat_str(pl.lit(',"comment":'), comment))
            .otherwise(pl.lit("")),
            pl.lit("}"),
        )
    ).to_series()
    return f'{{"dataSet":"{data_set}","dataValues":[{",".join(lines)}]}}'.encode("ascii")


def fingerprint(body: bytes) -> str:
    """Hash a payload as it will be sent."""
    return hashlib.sha256(body).hexdigest()


def compressed(body: bytes) -> bytes:
    """Pack bytes the same way every time: no clock in the header."""
    return gzip.compress(body, compresslevel=1, mtime=0)
