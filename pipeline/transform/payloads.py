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
_ORDER = ("period", "org_unit", *(part for part in KEY if part not in {"period", "org_unit"}))


class Group(NamedTuple):
    """Rows of one data set that are read, written and read back together.

    `rows` are sorted by period; `chunks` are their parts, one request each.
    """

    number: int
    data_set: str
    rows: pl.DataFrame
    chunks: list[pl.DataFrame]

    @property
    def periods(self) -> list[str]:
        """List the periods this group writes."""
        return self.rows["period"].unique().sort().to_list()


def cut(plan: pl.DataFrame, most_rows: int) -> list[Group]:
    """Cut the writing rows of a plan into groups of one data set and whole periods.

    Small periods share a group; a period with more than `most_rows` has one of its own, with
    several chunks. The same plan is always cut the same way.
    """
    writing = plan.filter(pl.col("action").is_in(WRITING)).sort("data_set", *_ORDER)
    sizes = writing.group_by("data_set", "period", maintain_order=True).agg(rows=pl.len())
    numbers, number, filled, last = [], 0, 0, None
    for data_set, _, rows in sizes.iter_rows():
        if data_set != last or filled + rows > most_rows:
            number, filled = number + 1, 0
        numbers.append(number)
        filled, last = filled + rows, data_set
    numbered = writing.join(
        sizes.select("data_set", "period", group=pl.Series(numbers, dtype=pl.Int64)),
        on=["data_set", "period"],
        how="left",
        validate="m:1",
        maintain_order="left",
    )
    return [
        Group(
            int(part["group"][0]),
            str(part["data_set"][0]),
            part.drop("group"),
            [part.drop("group").slice(at, most_rows) for at in range(0, part.height, most_rows)],
        )
        for part in numbered.partition_by("group", maintain_order=True)
    ]


def payload(data_set: str, rows: pl.DataFrame) -> bytes:
    """Write a data value set: the data set named, all five parts of each key, values as text.

    Ids, periods and numbers need no escaping; a comment and the old text of a deletion, which
    people wrote, go through the JSON writer.
    """
    parts = []
    for at, (member, column) in enumerate(_MEMBERS.items()):
        text = pl.col(column) if column != "send" else _escaped("send")
        parts += [pl.lit(f'{"," if at else "{"}"{member}":"'), text, pl.lit('"')]
    comment = pl.concat_str(pl.lit(',"comment":"'), _escaped("comment"), pl.lit('"'))
    lines = rows.select(
        pl.concat_str(
            *parts,
            pl.when("delete").then(pl.lit(',"deleted":true')).otherwise(pl.lit("")),
            comment.fill_null(""),
            pl.lit("}"),
        )
    ).to_series()
    return f'{{"dataSet":"{data_set}","dataValues":[{",".join(lines)}]}}'.encode("ascii")


def _escaped(column: str) -> pl.Expr:
    plain = pl.col(column).str.contains(r"^[0-9A-Za-z_.+-]*$")
    written = (
        pl.when(~plain)
        .then(pl.col(column))
        .map_elements(lambda text: json.dumps(text)[1:-1], return_dtype=pl.String, skip_nulls=True)
    )
    return pl.when(plain).then(pl.col(column)).otherwise(written)


def fingerprint(body: bytes) -> str:
    """Hash a payload as it will be sent."""
    return hashlib.sha256(body).hexdigest()


def compressed(body: bytes) -> bytes:
    """Pack bytes the same way every time: no clock in the header."""
    return gzip.compress(body, compresslevel=1, mtime=0)
