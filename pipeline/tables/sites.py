"""Read the site register, and complain with file and line."""

import hashlib
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path

import polars as pl

from pipeline.cells.periods import Period, parse_period
from pipeline.cells.written_periods import read_period_of_any_type
from pipeline.tables.reader import TableKind, complaints_of, only_one, read_table, refuse
from pipeline.text.errors import UsageError
from schemas.uids import NO_UID

SITE_COLUMNS = (
    *("org_unit", "data_element", "data_set", "reports", "from_period", "to_period", "favour"),
)
FIRST_DAY, LAST_DAY = date(1900, 1, 1), date(2199, 12, 31)
_KIND = TableKind(
    "site register",
    SITE_COLUMNS,
    ("data_element", "data_set", "from_period", "to_period", "favour"),
    sentences={
        "str_matches": NO_UID,
        "from_period.str_matches": "is not a period",
        "to_period.str_matches": "is not a period",
        "isin": "is not one of tracker, manual, both",
        "favour.isin": "is not one of tracker, manual",
    },
)
_DATED = {
    "line": pl.UInt32,
    **dict.fromkeys(SITE_COLUMNS, pl.String),
    **dict.fromkeys(["first_day", "last_day"], pl.Date),
}


def read_sites(folder: Path) -> pl.DataFrame:
    """Read `sites.csv` (or Parquet): line, SITE_COLUMNS, first_day, last_day; no file, no row.

    Raises `UsageError` with every complaint, each with its file and line.
    """
    path = only_one(folder, "sites", _KIND)
    if path is None:
        return pl.DataFrame(schema=_DATED)
    table = read_table(path, _KIND).with_columns(pl.col("reports", "favour").str.to_lowercase())
    table = table.with_columns(
        _read_as_periods(table[name]) for name in ("from_period", "to_period")
    )
    _insist(path, table)
    days = [_days(row) for row in table.iter_rows(named=True)]
    bounds = pl.DataFrame(days, schema={"first_day": pl.Date, "last_day": pl.Date}, orient="row")
    return table.hstack(bounds).cast({"line": pl.UInt32})


def _read_as_periods(written: pl.Series) -> pl.Series:
    """Ids in the place of periods that are written otherwise; what is in doubt stays as it is."""
    ids = {text: read_period_of_any_type(text) or text for text in written.unique() if text}
    return written.replace(ids)


def sites_fingerprint(sites: pl.DataFrame) -> str:
    """Hash what a site register says, in whatever order."""
    text = sites.select(SITE_COLUMNS).sort(SITE_COLUMNS).write_csv()
    return hashlib.sha256(text.encode()).hexdigest()


def _insist(path: Path, table: pl.DataFrame) -> None:
    from schemas.sites import Sites  # noqa: PLC0415  # pandera takes 0.8 s to import

    complaints = complaints_of(path, table, Sites, _KIND)
    if not complaints:
        for row in table.iter_rows(named=True):
            complaints += [f"{path}:{row['line']}: {fault}" for fault in _faults(row)]
    refuse(path, complaints, _KIND)


def _faults(row: Mapping[str, str]) -> Iterator[str]:
    if row["data_element"] and row["data_set"]:
        yield "name a data element or a data set, not both"
    if row["reports"] == "both" and not row["favour"]:
        yield "favour: both report; say in favour of whom, tracker or manual"
    if row["reports"] != "both" and row["favour"]:
        yield "favour: only where both report there is somebody to favour"
    try:
        first, last = _days(row)
    except UsageError as letter:
        yield f"{letter.what}; {letter.remedy}"
        return
    if last < first:
        yield f"to_period: {row['to_period']} ends before {row['from_period']} begins"


def _days(row: Mapping[str, str]) -> tuple[date, date]:
    first, last = _period(row["from_period"]), _period(row["to_period"])
    return first.start if first else FIRST_DAY, last.end if last else LAST_DAY


def _period(written: str) -> Period | None:
    return parse_period(written) if written else None
