"""Whose fault a refusal is: what a server complains about, row by row and in plain words."""

import re
from collections.abc import Sequence
from typing import NamedTuple

import polars as pl

from pipeline.transform.cells import KEY

_SENTENCES = {
    "E7600": "the server does not know the data set",
    "E7610": "the server does not know the data element",
    "E7611": "the server does not know the period",
    "E7612": "the server does not know the org unit",
    "E7613": "the server does not know the option combo",
    "E7617": "the org unit is outside the account's data capture hierarchy",
    "E7619": "the server does not take this value for the type of the data element",
    "E7640": "the period is closed for data entry",
    "E7641": "the period is not open for data entry yet",
    "E7642": "the cell is approved",
    "E7643": "the data set does not accept data for this period now",
    "E8011": "the org unit is outside the account's data capture hierarchy",
    "E8020": "the data element does not belong to the data set",
    "E8021": "the period is of another type than the data set",
    "E8022": "the org unit is not assigned to the data set",
    "E8023": "the attribute option combo does not belong to the data set",
    "E8024": "the option combo does not belong to the data element",
    "E8030": "the period is closed for data entry",
    "E8031": "the org unit is closed in this period",
    "E8033": "the cell is approved",
    "E8122": "the server does not take this value for the type of the data element",
}
# The new engine refuses a request as one group, for one rule; only a bad value falls alone.
_GROUP = re.compile(r"E8(?!12[0-5])\d+")
_NUMBERED = re.compile(r"(\d+)-(.*)", re.DOTALL)


class Complaint(NamedTuple):
    """One conflict of an import summary: its code, what it says, which rows, which ids."""

    code: str
    message: str
    indexes: tuple[int, ...]
    arguments: str


def blame(rows: pl.DataFrame, complaints: Sequence[Complaint]) -> pl.DataFrame:
    """Say why rows did not arrive: adds `sentence` (null: nobody says) and `again`.

    A complaint about single rows names them by index. One about the whole request (the group
    refusals of 2.43) names the guilty in its arguments: the other rows were refused only
    together with them, and may be sent `again`. Where it names nobody, nobody is blamed.
    """
    told: list[str | None] = [None] * rows.height
    again = False
    for complaint in complaints:
        is_group = _GROUP.fullmatch(complaint.code) is not None
        guilty = _guilty(rows, complaint, is_group=is_group)
        again = again or (is_group and bool(guilty))
        for index in guilty:
            told[index] = told[index] or sentence(complaint)
    return rows.with_columns(sentence=pl.Series(told, dtype=pl.String)).with_columns(
        again=pl.col("sentence").is_null() & again
    )


def sentence(complaint: Complaint) -> str:
    """Put a complaint of a server into words an officer understands, its code kept."""
    known = _SENTENCES.get(complaint.code, complaint.message[:200])
    return f"{known} ({complaint.code})" if complaint.code else known


def _guilty(rows: pl.DataFrame, complaint: Complaint, *, is_group: bool) -> list[int]:
    """Give the indexes of the rows that a complaint is about."""
    inside = [index for index in complaint.indexes if 0 <= index < rows.height]
    if rows.height == 1:
        return [0]
    if not is_group:
        return inside if complaint.indexes else [*range(rows.height)]
    if 0 < len(inside) < rows.height:
        return inside
    if numbered := _NUMBERED.fullmatch(complaint.arguments):
        index, name = int(numbered[1]), numbered[2]
        alike = _rows_with(rows, _mentions([name])) if name else []
        return sorted({index, *alike}) if index < rows.height else alike
    return _named_rows(rows, complaint.arguments)


def _named_rows(rows: pl.DataFrame, arguments: str) -> list[int]:
    """Find the rows that the arguments of a refusal name.

    One of the ids in the last brackets must stand in the row, and so must every id before them
    that stands in any row: `<org unit>-[<period>, …]` names these periods of this org unit only.
    """
    before, bracket, inside = arguments.rpartition("[")
    if not bracket:
        return []
    guilty = _mentions([part.strip() for part in inside.strip("]").split(",")])
    for name in before.split("-"):
        if rows.select(_mentions([name]).any()).item():
            guilty &= _mentions([name])
    return _rows_with(rows, guilty)


def _mentions(names: Sequence[str]) -> pl.Expr:
    return pl.any_horizontal(pl.col(KEY).is_in(list(names)))


def _rows_with(rows: pl.DataFrame, what: pl.Expr) -> list[int]:
    return rows.select(what.arg_true()).to_series().to_list()
