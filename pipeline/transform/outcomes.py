"""What became of each planned cell: believed only from what was read back."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import polars as pl

from pipeline.transform.cells import KEY
from pipeline.transform.numbers import canonical_text, number_of

OUTCOMES = ("loaded", "unchanged", "drifted", "refused")
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
NOT_WRITTEN = "the server said yes, but the cell does not hold what was sent"
DRIFTED = "somebody changed this cell after the plan was made"
TOGETHER = "the server refused the whole request because of other cells in it"
MOST_ROUNDS = 8
ALREADY = "the cell already held this number when its turn came"
WRITTEN = "written, and read back"


class Complaint(NamedTuple):
    """One conflict of an import summary: its code, what it says, which rows, which ids."""

    code: str
    message: str
    indexes: tuple[int, ...]
    arguments: str


def drift(rows: pl.DataFrame, current: pl.DataFrame) -> pl.DataFrame:
    """Compare the target just before writing with what the plan saw.

    Adds `now` (the text that stands, null: no row) and `state`: as_planned, done (the cell
    already holds what would be sent), drifted. `comment` becomes the one that stands now.
    """
    joined = rows.drop("comment").join(
        current.select(*KEY, "comment", now="value"),
        on=list(KEY),
        how="left",
        validate="1:1",
        maintain_order="left",
    )
    done = _holds_what_was_meant("now")
    as_planned = _same_text("now", "current_value")
    return joined.with_columns(
        state=pl.when(as_planned)
        .then(pl.lit("as_planned"))
        .when(done)
        .then(pl.lit("done"))
        .otherwise(pl.lit("drifted"))
    )


def read_back(rows: pl.DataFrame, current: pl.DataFrame) -> pl.DataFrame:
    """Tell of each row sent whether the target now holds what was meant: adds `arrived`."""
    joined = rows.join(
        current.select(*KEY, after="value"),
        on=list(KEY),
        how="left",
        validate="1:1",
        maintain_order="left",
    )
    return joined.with_columns(arrived=_holds_what_was_meant("after")).drop("after")


def _holds_what_was_meant(column: str) -> pl.Expr:
    gone = pl.col(column).is_null()
    return pl.when("delete").then(gone).otherwise(_same_text(column, "send"))


def _same_text(left: str, right: str) -> pl.Expr:
    numbers = canonical_text(number_of(pl.col(left))) == canonical_text(number_of(pl.col(right)))
    texts = pl.col(left).eq_missing(pl.col(right))
    return texts | numbers.fill_null(value=False)


def blame(rows: pl.DataFrame, complaints: Sequence[Complaint]) -> pl.DataFrame:
    """Say why rows did not arrive: adds `sentence` (null: nobody says) and `again`.

    A complaint about some of the rows names them by index. One about the whole request names
    the guilty ids in its arguments (the group refusals of 2.43): the other rows were refused
    only together with them, and may be sent `again`.
    """
    told: list[str | None] = [None] * rows.height
    again = False
    for complaint in complaints:
        inside = [index for index in complaint.indexes if 0 <= index < rows.height]
        is_apart = 0 < len(inside) < rows.height
        named = [] if is_apart else _named_rows(rows, complaint.arguments)
        again = again or bool(named)
        for index in named or inside:
            told[index] = told[index] or sentence(complaint)
    return rows.with_columns(sentence=pl.Series(told, dtype=pl.String)).with_columns(
        again=pl.col("sentence").is_null() & again
    )


def sentence(complaint: Complaint) -> str:
    """Put a complaint of a server into words an officer understands, its code kept."""
    known = _SENTENCES.get(complaint.code, complaint.message[:200])
    return f"{known} ({complaint.code})" if complaint.code else known


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
    return rows.select(guilty.arg_true()).to_series().to_list()


def _mentions(names: Sequence[str]) -> pl.Expr:
    return pl.any_horizontal(pl.col(KEY).is_in(list(names)))


def reconcile(outcomes: pl.DataFrame, planned: int) -> Mapping[str, int]:
    """Count the outcomes; every planned cell has exactly one."""
    counts = dict(outcomes.group_by("outcome").len().rows())
    told = {outcome: int(counts.get(outcome, 0)) for outcome in OUTCOMES}
    assert sum(told.values()) == planned == outcomes.height, "a planned cell vanished"  # noqa: S101  # the law of the way
    return told
