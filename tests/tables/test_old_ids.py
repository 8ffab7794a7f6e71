"""Old databases hold ids that begin with a digit; tables and configuration take them too."""

import re
from collections.abc import Callable
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from pipeline.config.reading import read_transfer
from pipeline.tables import read_decisions, read_mapping, read_sites
from pipeline.text.errors import UsageError

OLD = "2nNR0a4Qb1e"
DIGITS = "20260900001"  # nor is it taken for a number or a period
MAPPING_COLUMNS = (
    "program_indicator,category_options,data_element,category_option_combo,"
    "attribute_option_combo,rule,data_set"
)
TABLES: dict[str, tuple[str, str]] = {
    "data_elements.csv": (
        MAPPING_COLUMNS,
        "{0},{0}+{1},{0},{0},{1},sum,{0}",
    ),
    "org_units.csv": ("source_org_unit,target_org_unit", "{0},{1}"),
    "sites.csv": (
        "org_unit,data_element,data_set,reports,from_period,to_period,favour",
        "{0},{1},,manual,,,",
    ),
    "decisions.csv": (
        "data_element,period,org_unit,category_option_combo,decision,decided_by,why,until",
        "{0},202609,{1},{0},tracker,Ms Phiri,recounted,2026-11-20",
    ),
}
CONFIGURATION = """
[source]
program_indicators = ["{0}"]
[target]
data_sets = ["{0}"]
[periods]
last = 6
[org_units]
level = 4
within = ["{0}"]
[compare]
data_set = "{0}"
"""
READERS: dict[str, Callable[[Path], pl.DataFrame]] = {
    "data_elements.csv": lambda folder: read_mapping(folder).data_elements,
    "org_units.csv": lambda folder: read_mapping(folder).org_units,
    "sites.csv": read_sites,
    "decisions.csv": lambda folder: read_decisions(folder, date(2026, 11, 1)).standing,
}


def written(folder: Path, one: str, other: str) -> Path:
    for name, (header, line) in TABLES.items():
        (folder / name).write_text(f"{header}\n{line.format(one, other)}\n")
    return folder


@pytest.mark.parametrize("table", TABLES)
def test_a_table_keeps_an_id_that_begins_with_a_digit_as_it_is_written(
    table: str, tmp_path: Path
) -> None:
    read = READERS[table](written(tmp_path, OLD, DIGITS))

    assert read.height == 1
    assert {OLD, DIGITS} <= {str(cell) for cell in read.row(0)}


@pytest.mark.parametrize("table", TABLES)
def test_a_text_that_is_no_id_is_refused_in_these_words(table: str, tmp_path: Path) -> None:
    with pytest.raises(UsageError) as told:
        READERS[table](written(tmp_path, "2nNR0a4Qb1", OLD))

    assert "is not a UID (11 letters and digits)" in str(told.value)


def test_a_configuration_takes_an_id_that_begins_with_a_digit(tmp_path: Path) -> None:
    path = tmp_path / "transfer.toml"
    path.write_text(CONFIGURATION.format(OLD))

    transfer = read_transfer(path)

    assert transfer.source.program_indicators == transfer.target.data_sets == (OLD,)
    assert transfer.compare.data_set == OLD


def test_a_configuration_says_what_an_id_is_where_there_is_none(tmp_path: Path) -> None:
    path = tmp_path / "transfer.toml"
    path.write_text(CONFIGURATION.format("form"))

    with pytest.raises(UsageError) as told:
        read_transfer(path)

    found = re.findall("this is no UID \\(11 letters and digits\\)", told.value.where)
    assert len(found) == CONFIGURATION.count("{0}")
