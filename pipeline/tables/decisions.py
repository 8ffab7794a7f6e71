"""Read what people decided about single cells, and complain with file and line."""

import hashlib
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import polars as pl

from pipeline.cells.key import KEY
from pipeline.cells.periods import parse_period
from pipeline.cells.written_periods import read_period_of_any_type
from pipeline.tables.reader import TableKind, complaints_of, doubled, only_one, read_table, refuse
from pipeline.text.errors import UsageError
from schemas.uids import NO_UID

DECISION_TABLE_COLUMNS = (*KEY, "decision", "decided_by", "why", "until")
_FORM = "`tally conflicts NAME --csv` writes one to fill in"
_KIND = TableKind(
    "table of decisions",
    DECISION_TABLE_COLUMNS,
    ("category_option_combo", "attribute_option_combo"),
    sentences={
        "str_matches": NO_UID,
        "period.str_matches": f"is not a period; {_FORM}",
        "until.str_matches": "is not a day; write it as 2026-12-31",
        "until.str_length": "is empty, and this field is required; write the last day on which the "
        "decision holds, as 2026-12-31",
        "isin": "is not one of tracker, manual, leave",
        "decided_by.str_length": "names nobody; say who decided",
        "why.str_length": "says nothing; give the reason",
    },
)


@dataclass(frozen=True)
class DecisionTable:
    """What a transfer's decisions.csv says: DECISION_TABLE_COLUMNS with `until` as a day, and line.

    `standing` hold today, `expired` no longer do; `waiting` rows are not filled in yet.
    """

    standing: pl.DataFrame
    expired: pl.DataFrame
    waiting: int

    @property
    def fingerprint(self) -> str:
        """Hash what was decided, whatever day it is."""
        both = pl.concat([self.standing, self.expired]).select(DECISION_TABLE_COLUMNS).sort(KEY)
        return hashlib.sha256(both.write_csv().encode()).hexdigest()


def read_decisions(folder: Path, today: date) -> DecisionTable:
    """Read `decisions.csv` (or Parquet) of a transfer's folder; no file is no decision.

    Raises `UsageError` with every complaint, each with its file and line.
    """
    path = only_one(folder, "decisions", _KIND)
    written = _written(path) if path else _nothing()
    ours = written.filter(pl.col("decision") != "")
    if path:
        _insist(path, ours)
    days = ours.with_columns(pl.col("until").str.to_date(strict=False))
    over = pl.col("until") < today
    return DecisionTable(days.filter(~over), days.filter(over), written.height - ours.height)


def written_decisions(folder: Path) -> pl.DataFrame:
    """The rows of decisions.csv as they are written, filled in or not: DECISION_TABLE_COLUMNS."""
    path = only_one(folder, "decisions", _KIND)
    return (_written(path) if path else _nothing()).drop("line")


def _written(path: Path) -> pl.DataFrame:
    table = read_table(path, _KIND)
    ids = {text: read_period_of_any_type(text) or text for text in table["period"].unique()}
    return table.with_columns(pl.col("decision").str.to_lowercase(), pl.col("period").replace(ids))


def _nothing() -> pl.DataFrame:
    return pl.DataFrame(
        schema={"line": pl.UInt32, **dict.fromkeys(DECISION_TABLE_COLUMNS, pl.String)}
    )


def _insist(path: Path, ours: pl.DataFrame) -> None:
    from schemas.decisions import Decisions as Shape  # noqa: PLC0415  # pandera takes 0.8 s

    complaints = complaints_of(path, ours, Shape, _KIND)
    complaints += doubled(path, ours, KEY, "this cell is decided in two rows")
    if not complaints:
        for line, period, until in ours.select("line", "period", "until").iter_rows():
            complaints += [f"{path}:{line}: {fault}" for fault in _faults(period, until)]
    refuse(path, complaints, _KIND)


def _faults(period: str, until: str) -> list[str]:
    found = []
    try:
        parse_period(period)
    except UsageError as letter:
        found.append(f"period: {letter.what}")
    try:
        date.fromisoformat(until)
    except ValueError:
        found.append(f"until: the calendar has no {until}")
    return found
