"""A file of manual numbers with one column for each month or element: read, or refused by name.

It is read where every such column is without doubt one period, or one element of mappings/manual.
"""

import re
from collections.abc import Collection, Sequence
from typing import NamedTuple

import polars as pl

from pipeline.cells.periods import parse_period
from pipeline.cells.written_periods import read_period_of_any_type
from pipeline.tables.manual_header import REMEDY, plain_name, written_columns
from pipeline.text.errors import UsageError
from schemas.uids import UID

_ABOUT = re.compile(
    r"(organisationunit|orgunit|period|dataelement|data|categoryoptioncombo|attributeoptioncombo)"
    r"(id|uid|code|name|shortname|description|parent|level\d*)?|level\d+(id|name)?|unnamed:\d+|index|note.*"
)
_SHOWN = 8
_KEYS = ("manual_data_element", "written_period")
_FIELDS_OF_EXPORT = 4  # data element, period, org unit, and numbers behind them


class Pivot(NamedTuple):
    """Fields that are numbers of one period, or of one element each.

    `column` is what their headings name; `fields`: the place of each, from 1, and its heading.
    """

    column: str
    fields: dict[int, str]


def find_pivot(fields: Sequence[str], elements: Collection[str]) -> Pivot | None:
    """What the columns of a header are, when each is without doubt one thing; else None.

    `elements`: what mappings/manual calls the manual elements.
    """
    names = {*written_columns(fields)} - {""}
    headings = _headings(fields)
    lacking = [key for key in _KEYS if key not in names]
    if len(lacking) != 1 or "written_unit" not in names or "written" in names or not headings:
        return None
    if _has_gaps(fields):
        return None
    if lacking == ["written_period"]:
        meant = [read_period_of_any_type(heading) for heading in headings.values()]
    else:
        meant = [heading if heading in elements else None for heading in headings.values()]
    if None in meant or len({*meant}) < len(meant):
        return None
    return Pivot(lacking[0], headings)


def unpivoted(rows: pl.DataFrame, names: Sequence[str], pivot: Pivot) -> pl.DataFrame:
    """One row for each number; `rows` has line and `field_1` …, `names` the column of each."""
    kept = {f"field_{at}": name for at, name in enumerate(names, 1) if name}
    numbers = {f"field_{at}": heading for at, heading in pivot.fields.items()}
    long = rows.select("line", *kept, *numbers).unpivot(
        [*numbers], index=["line", *kept], variable_name=pivot.column, value_name="written"
    )
    return (
        long.with_columns(pl.col(pivot.column).replace(numbers))
        .rename(kept)
        .sort("line", maintain_order=True)
    )


def refuse_other_shapes(fields: Sequence[str], where: str) -> None:
    """Raise `UsageError` for a file without a header, and for a pivot that leaves a doubt."""
    if not any(fields):
        raise UsageError("the file of manual numbers is empty", where=where, remedy=REMEDY)
    if _is_row(fields):
        raise UsageError(
            "the file of manual numbers has no header",
            where=where,
            remedy="write the names of its columns above the first row: dataelement,period,"
            "orgunit,categoryoptioncombo,attributeoptioncombo,value",
        )
    names = {*written_columns(fields)}
    headings = [*_headings(fields).values()]
    if "written" in names or not headings or not _looks_like_a_pivot(fields, names, headings):
        return
    more = f" and {len(headings) - _SHOWN} more" if len(headings) > _SHOWN else ""
    shown = ", ".join(f"{heading!r:.40}" for heading in headings[:_SHOWN])
    raise UsageError(
        f"the file of manual numbers has its numbers below several columns ({shown}{more}), and "
        "it is not sure what each of them is",
        where=where,
        remedy="give it one row for each number, with columns data_element, period, org_unit and "
        "value: in Excel with Data, From Table, Unpivot Other Columns; from DHIS2 with Download, "
        "Plain data source, CSV. Columns of months are read beside a column data_element, and "
        "columns of elements beside a column period where mappings/manual names each of them",
    )


def _headings(fields: Sequence[str]) -> dict[int, str]:
    """The fields that say nothing of themselves: place and heading."""
    names = written_columns(fields)
    return {
        at: field
        for at, (field, name) in enumerate(zip(fields, names, strict=True), 1)
        if field and not name and not _ABOUT.fullmatch(plain_name(field))
    }


def _looks_like_a_pivot(
    fields: Sequence[str], names: Collection[str], headings: Sequence[str]
) -> bool:
    has_months = any(read_period_of_any_type(heading) for heading in headings)
    return has_months or {"written_unit", "written_period"} <= {*names} or _has_gaps(fields)


def _has_gaps(fields: Sequence[str]) -> bool:
    """Whether a field behind the first has no heading, as where two rows are headings."""
    last = max((at for at, field in enumerate(fields) if field), default=0)
    return not all(fields[1:last])


def _is_row(fields: Sequence[str]) -> bool:
    """Whether these are a row as DHIS2 writes it: an element, a period, an org unit, a number."""
    if len(fields) < _FIELDS_OF_EXPORT or not re.fullmatch(UID, fields[2]):
        return False
    try:
        parse_period(fields[1])
    except UsageError:
        return False
    return True
