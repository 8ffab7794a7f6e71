"""Write planned values in the words a server takes, built by expressions, cut by data set."""

import hashlib
import json
from typing import NamedTuple

import polars as pl
from isal import igzip
from pandera.typing.polars import DataFrame

from pipeline.cells.key import KEY
from pipeline.cells.numbers import number_of
from pipeline.cells.order import sort_by_texts
from pipeline.plan.rules.policy import WRITING
from schemas.frames import columns, trusted
from schemas.load import ChunkRows, LoadPlan

_MEMBERS = {
    "dataElement": "data_element",
    "period": "period",
    "orgUnit": "org_unit",
    "categoryOptionCombo": "category_option_combo",
    "attributeOptionCombo": "attribute_option_combo",
    "value": "send",
}
_ORDER = ("period", "org_unit", *(part for part in KEY if part not in {"period", "org_unit"}))


class Chunk(NamedTuple):
    """Rows of one data set that are read, written and read back together, in the plan's order."""

    number: int
    data_set: str
    rows: DataFrame[ChunkRows]

    @property
    def periods(self) -> list[str]:
        """The periods that this chunk writes, sorted."""
        return self.rows["period"].unique().sort().to_list()


def writing(plan: DataFrame[LoadPlan]) -> DataFrame[ChunkRows]:
    """The rows of a plan that write, in the order in which they go out."""
    rows = plan.filter(pl.col("action").is_in(WRITING)).with_columns(said=pl.lit(None, pl.String))
    in_order = sort_by_texts(rows.select(columns(ChunkRows)), ["data_set", *_ORDER])
    return trusted(in_order, ChunkRows)


def first_chunk(waiting: DataFrame[ChunkRows], number: int, most_rows: int) -> Chunk:
    """The first chunk of rows that wait in their order: one data set, and whole periods.

    Small periods share a chunk; one with more than `most_rows` is cut. What is left begins after
    the chunk's rows.
    """
    data_set = str(waiting["data_set"][0])
    rows = waiting.head(most_rows + 1).filter(pl.col("data_set") == data_set)
    is_last_whole = rows.height <= most_rows
    whole = rows if is_last_whole else rows.filter(pl.col("period") != rows["period"][-1])
    chunk = rows.head(most_rows) if whole.is_empty() else whole
    return Chunk(number, data_set, trusted(chunk, ChunkRows))


def after(rows: DataFrame[ChunkRows], number: int) -> DataFrame[ChunkRows]:
    """The rows that are left after the first `number` of them."""
    return trusted(rows.slice(number), ChunkRows)


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
