"""Whose fault a refusal is: what a server complains about, row by row and in plain words."""

import re
from collections.abc import Sequence
from typing import NamedTuple

import polars as pl

from pipeline.cells.key import KEY
from pipeline.plan.rules import reasons

_MEND = "mend the mapping, or [target] in transfer.toml"
_WRONG_TYPE = (
    "the server does not take this number for the value type of the data element; "
    "mend the type, or map the count to another element"
)
_SENTENCES = {
    "E7600": f"the server does not know the data set; {_MEND}",
    "E7610": f"the server does not know the data element; {_MEND}",
    "E7611": "the server does not know the period; mend [periods] in transfer.toml",
    "E7612": "the server does not know the org unit; mend mappings/org_units.csv",
    "E7613": f"the server does not know the category option combo; {_MEND}",
    "E7617": reasons.SENTENCES[reasons.OUTSIDE_CAPTURE],
    "E7619": _WRONG_TYPE,
    "E7638": reasons.SENTENCES[reasons.OPTION_OUT_OF_DATE],
    "E7639": reasons.SENTENCES[reasons.OPTION_NOT_HERE],
    "E7640": reasons.SENTENCES[reasons.EXPIRED],
    "E7641": reasons.SENTENCES[reasons.FUTURE],
    "E7642": reasons.SENTENCES[reasons.APPROVED],
    "E7643": "the data set takes no data for this period now; "
    "see its input periods and its expiry days in Maintenance",
    "E8011": reasons.SENTENCES[reasons.OUTSIDE_CAPTURE],
    "E8020": reasons.SENTENCES[reasons.ELEMENT_NOT_IN_DATA_SET],
    "E8021": reasons.SENTENCES[reasons.WRONG_PERIOD_TYPE],
    "E8022": reasons.SENTENCES[reasons.NOT_ASSIGNED],
    "E8023": reasons.SENTENCES[reasons.ATTRIBUTE_COMBO_NOT_IN_DATA_SET],
    "E8024": reasons.SENTENCES[reasons.COMBO_NOT_IN_ELEMENT],
    "E8025": reasons.SENTENCES[reasons.OPTION_NOT_HERE],
    "E8030": reasons.SENTENCES[reasons.EXPIRED],
    "E8031": reasons.SENTENCES[reasons.CLOSED],
    "E8032": reasons.SENTENCES[reasons.OPTION_OUT_OF_DATE],
    "E8033": reasons.SENTENCES[reasons.APPROVED],
    "E8122": _WRONG_TYPE,
}
# The new engine refuses a request as one group, for one rule; only a bad value falls alone.
_GROUP = re.compile(r"E8(?!12[0-5])\d+")
# A row's number, not an id: an old one may be all digits, and has eleven of them.
_NUMBERED = re.compile(r"(\d{1,10})-(.*)", re.DOTALL)


class ImportConflict(NamedTuple):
    """One conflict of an import summary: its code, what it says, which rows, which ids."""

    code: str
    message: str
    indexes: tuple[int, ...]
    arguments: str


def blame(rows: pl.DataFrame, complaints: Sequence[ImportConflict]) -> pl.DataFrame:
    """Rows with the reason why they did not arrive: adds `sentence` (null: none) and `again`.

    A complaint about single rows names them by index. One about the whole request (the group
    refusals of 2.43) names the guilty in its arguments: the other rows were refused only
    together with them, and may be sent `again`. Where it names nobody, nobody is blamed.
    """
    sentences: list[str | None] = [None] * rows.height
    again = False
    for complaint in complaints:
        is_group = _GROUP.fullmatch(complaint.code) is not None
        guilty = _guilty(rows, complaint, is_group=is_group)
        again = again or (is_group and bool(guilty))
        for index in guilty:
            sentences[index] = sentences[index] or sentence(complaint)
    return rows.with_columns(sentence=pl.Series(sentences, dtype=pl.String)).with_columns(
        again=pl.col("sentence").is_null() & again
    )


def sentence(complaint: ImportConflict) -> str:
    """A complaint of a server in words that an officer understands, its code kept."""
    known = _SENTENCES.get(complaint.code, complaint.message[:200])
    return f"{known} ({complaint.code})" if complaint.code else known


def _guilty(rows: pl.DataFrame, complaint: ImportConflict, *, is_group: bool) -> list[int]:
    """The indexes of the rows that a complaint is about."""
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
    """The indexes of the rows that the arguments of a refusal name.

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
