"""Write planned values in the words a server takes, built by expressions, cut by data set."""

import hashlib
import json
from typing import NamedTuple

import polars as pl
from isal import igzip
from pandera.typing.polars import DataFrame

from pipeline.cells.numbers import number_of
from schemas.frames import trusted
from schemas.load import ChunkRows

_MEMBERS = {
    "dataElement": "data_element",
    "period": "period",
    "orgUnit": "org_unit",
    "categoryOptionCombo": "category_option_combo",
    "attributeOptionCombo": "attribute_option_combo",
    "value": "send",
}


class Chunk(NamedTuple):
    """Rows of one data set that are read, written and read back together, in the plan's order.

    `has_whole_periods`: all that is written into its periods is among them.
    """

    number: int
    data_set: str
    rows: DataFrame[ChunkRows]
    has_whole_periods: bool = True

    @property
    def periods(self) -> list[str]:
        """The periods that this chunk writes, sorted."""
        return self.rows["period"].unique().sort().to_list()

    @property
    def org_units(self) -> list[str]:
        """The org units for which this chunk writes, sorted."""
        return self.rows["org_unit"].unique().sort().to_list()


def parts_of(rows: DataFrame[ChunkRows], most_rows: int) -> list[DataFrame[ChunkRows]]:
    """Cut rows into as few parts of about the same size as may go out in one request each.

    `rows` has at least one.
    """
    count = -(-rows.height // most_rows)
    size = -(-rows.height // count)
    return [trusted(rows.slice(at, size), ChunkRows) for at in range(0, rows.height, size)]


def payload(data_set: str, rows: DataFrame[ChunkRows]) -> bytes:
    """Write a data value set: the data set named, all five parts of each key, values as text.

    Ids, periods and numbers need no escaping; a comment, which people wrote, goes through the
    JSON writer. What is no number never leaves, nor does a NUL or a comment of blanks: some
    servers refuse all for it, and say nothing.
    """
    if rows.select(number_of(pl.col("send")).is_null().any()).item():
        raise ValueError("a planned value is no number")
    parts = []
    for at, (member, column) in enumerate(_MEMBERS.items()):
        begins = '","' if at else '{"'
        parts += [pl.lit(f'{begins}{member}":"'), pl.col(column)]
    deleted = pl.when("delete").then(pl.lit('","deleted":true')).otherwise(pl.lit('"'))
    lines = rows.select(pl.concat_str(*parts, deleted, *_comments(rows), pl.lit("}")).str.join(","))
    return f'{{"dataSet":"{data_set}","dataValues":[{lines.item()}]}}'.encode("ascii")


def _comments(rows: DataFrame[ChunkRows]) -> list[pl.Expr]:
    """Write the comments of rows as members, if there are any: most rows have none."""
    if rows["comment"].null_count() == rows.height:
        return []
    comment = pl.concat_str(pl.lit(',"comment":"'), _escaped(_speakable("comment")), pl.lit('"'))
    return [comment.fill_null("")]


def _speakable(column: str) -> pl.Expr:
    """Take NUL out of a text; null when nothing but blanks is left, or when it was damaged.

    A replacement character stands for bytes that were no text: what was there is not known.
    """
    text = pl.col(column).str.replace_all("\0", "", literal=True)
    return pl.when(text.str.contains(r"\S"), ~text.str.contains("\ufffd")).then(text)


def _escaped(text: pl.Expr) -> pl.Expr:
    plain = text.str.contains(r"^[0-9A-Za-z_.+-]*$")
    written = (
        pl.when(~plain)
        .then(text)
        .map_elements(lambda one: json.dumps(one)[1:-1], return_dtype=pl.String, skip_nulls=True)
    )
    return pl.when(plain).then(text).otherwise(written)


def fingerprint(body: bytes) -> str:
    """Hash a payload as it will be sent."""
    return hashlib.sha256(body).hexdigest()


def compressed(body: bytes) -> bytes:
    """Pack bytes the same way every time: no clock in the header."""
    packed: bytes = igzip.compress(body, 1, mtime=0)
    return packed
