"""Read the mapping tables that people keep, and complain with file and line."""

from collections.abc import Sequence
from pathlib import Path

import polars as pl
from pandera.typing.polars import DataFrame

from pipeline.compare.rules.links import MANUAL_COLUMNS, LineMistake
from pipeline.tables.reader import (
    TableKind,
    complaints_of,
    doubled,
    needed,
    only_one,
    read_table,
    refuse,
)
from schemas.frames import empty, trusted
from schemas.mapping import (
    DataElementMapping,
    ManualDataSetMapping,
    ManualMapping,
    MappingTables,
    OrgUnitMapping,
)
from schemas.uids import NO_UID

SOURCE = ("program_indicator", "category_options")
TARGET = ("data_element", "category_option_combo", "attribute_option_combo")
DATA_ELEMENT_COLUMNS = (*SOURCE, *TARGET, "rule", "data_set")
ORG_UNIT_COLUMNS = ("source_org_unit", "target_org_unit", "rule")
MANUAL_NAME = "manual"
_SENTENCES = {
    "str_matches": NO_UID,
    "isin": "is not one of only, sum, max, min",
    "field_uniqueness": "stands in more than one row",
}
_DATA_ELEMENTS = TableKind(
    "mapping table",
    DATA_ELEMENT_COLUMNS,
    ("category_options", "category_option_combo", "attribute_option_combo", "rule", "data_set"),
    "add one row for each program indicator and the cell it fills",
    _SENTENCES,
)
_ORG_UNITS = TableKind(
    "mapping table",
    ORG_UNIT_COLUMNS,
    ("rule",),
    sentences=_SENTENCES | {"isin": "is neither merge nor empty"},
)
_MANUAL = TableKind(
    "mapping table",
    MANUAL_COLUMNS,
    tuple(name for name in MANUAL_COLUMNS if name.endswith("option_combo")),
    "add one row for each manual element and the one it is compared with",
    _SENTENCES,
)


def read_mapping(folder: Path) -> MappingTables:
    """Read `data_elements` and, where there is one, `org_units`, as CSV or Parquet.

    Raises `UsageError` with every complaint, each with its file and line.
    """
    data_elements = needed(folder, "data_elements", _DATA_ELEMENTS)
    org_units = only_one(folder, "org_units", _ORG_UNITS)
    return MappingTables(_data_elements(data_elements), _org_units(org_units))


def read_manual_mapping(folder: Path, *, by_id: bool) -> tuple[Path, pl.DataFrame]:
    """Read which manual elements are compared with which: the file, and line and MANUAL_COLUMNS.

    `by_id`: the manual side is a data set, whose objects have ids. Raises `UsageError` with every
    complaint, each with its file and line.
    """
    path = needed(folder, MANUAL_NAME, _MANUAL)
    table = read_table(path, _MANUAL)
    shape = ManualDataSetMapping if by_id else ManualMapping
    refuse(path, complaints_of(path, table, shape, _MANUAL), _MANUAL)
    return path, table


def refuse_links(path: Path, complaints: Sequence[LineMistake]) -> None:
    """Raise `UsageError` when there are complaints about the lines of a mapping table."""
    refuse(path, [f"{path}:{line}: {sentence}" for line, sentence in complaints], _MANUAL)


def _data_elements(path: Path) -> DataFrame[DataElementMapping]:
    table = read_table(path, _DATA_ELEMENTS).with_columns(
        category_options=pl.col("category_options")
        .str.replace_all(r"\s*[+\s]\s*", "+")
        .str.split("+")
        .list.sort()
        .list.join("+"),
        rule=pl.when(pl.col("rule") == "").then(pl.lit("only")).otherwise(pl.col("rule")),
    )
    complaints = complaints_of(path, table, DataElementMapping, _DATA_ELEMENTS)
    complaints += doubled(
        path, table, (*SOURCE, *TARGET), "this source fills this cell in two rows"
    )
    exclusive = table.filter(pl.col("rule") == "only")
    once = table.unique((*SOURCE, *TARGET), keep="first", maintain_order=True)
    shared = once.join(exclusive.select(TARGET).unique(), on=TARGET, how="semi")
    complaints += doubled(
        path, shared, TARGET, "two sources fill one cell; say how in `rule` (sum, max, min)"
    )
    refuse(path, complaints, _DATA_ELEMENTS)
    return trusted(table.drop("line").sort((*SOURCE, *TARGET)), DataElementMapping)


def _org_units(path: Path | None) -> DataFrame[OrgUnitMapping]:
    if path is None:
        return empty(OrgUnitMapping)
    table = read_table(path, _ORG_UNITS)
    refuse(path, complaints_of(path, table, OrgUnitMapping, _ORG_UNITS), _ORG_UNITS)
    return trusted(table.drop("line").sort("source_org_unit"), OrgUnitMapping)
