"""A table that is too large, or is no table at all, is refused before it fills the memory."""

import gzip
import os
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest

from pipeline.tables.reader import (
    MOST_TABLE_BYTES,
    MOST_TABLE_ROWS,
    TableKind,
    needed,
    only_one,
    read_table,
)
from pipeline.text.errors import UsageError

KIND = TableKind("mapping table", ("source_org_unit", "target_org_unit"))
TEXT = b"source_org_unit,target_org_unit\nouClinic00a,ouClinic00b\n"


def letter_of(path: Path) -> UsageError:
    with pytest.raises(UsageError) as told:
        read_table(path, KIND)
    assert told.value.where == str(path)
    assert told.value.remedy
    return told.value


def zipped(path: Path) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("org_units.csv", TEXT)


@pytest.mark.parametrize(
    "pack",
    [
        zipped,
        lambda path: path.write_bytes(gzip.compress(TEXT)),
        lambda path: path.write_bytes(zlib.compress(TEXT, 1)),
        lambda path: path.write_bytes(zlib.compress(TEXT, 9)),
    ],
    ids=["zip", "gzip", "zlib, fast", "zlib"],
)
def test_a_packed_file_is_not_unpacked_whatever_it_calls_itself(
    tmp_path: Path, pack: Callable[[Path], object]
) -> None:
    path = tmp_path / "org_units.csv"
    pack(path)

    assert "zipped file, not CSV" in letter_of(path).what


def test_a_table_of_too_many_bytes_is_not_even_opened(tmp_path: Path) -> None:
    path = tmp_path / "org_units.csv"
    path.touch()
    os.truncate(path, MOST_TABLE_BYTES + 1)  # it takes no room on the disk

    assert "larger than 256 MiB" in letter_of(path).what


@pytest.mark.parametrize("ending", ["csv", "parquet"])
def test_a_table_of_too_many_rows_is_refused_and_never_cut(tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"org_units.{ending}"
    rows = pl.select(source_org_unit=pl.repeat("a", MOST_TABLE_ROWS + 1)).with_columns(
        target_org_unit=pl.lit("b")
    )
    rows.write_csv(path) if ending == "csv" else rows.write_parquet(path)

    assert "more than 1\u202f000\u202f000 rows" in letter_of(path).what


ENDINGS = pytest.mark.parametrize("ending", ["csv", "CSV", "Csv", "parquet", "PARQUET"])


def written(folder: Path, ending: str, name: str = "org_units") -> Path:
    path = folder / f"{name}.{ending}"
    table = pl.read_csv(TEXT)
    table.write_csv(path) if ending.lower() == "csv" else table.write_parquet(path)
    return path


@ENDINGS
def test_a_table_is_found_and_read_whatever_letters_its_ending_has(
    tmp_path: Path, ending: str
) -> None:
    path = written(tmp_path, ending)

    assert needed(tmp_path, "org_units", KIND) == path
    assert only_one(tmp_path, "org_units", KIND) == path
    assert read_table(path, KIND).drop("line").rows() == [("ouClinic00a", "ouClinic00b")]


@ENDINGS
def test_lines_of_a_csv_begin_below_its_header(tmp_path: Path, ending: str) -> None:
    first = 2 if ending.lower() == "csv" else 1

    assert read_table(written(tmp_path, ending), KIND)["line"].to_list() == [first]


@pytest.mark.parametrize("others", [("csv", "CSV"), ("csv", "parquet"), ("CSV", "PARQUET")])
def test_two_files_of_one_table_are_refused(tmp_path: Path, others: tuple[str, str]) -> None:
    paths = [written(tmp_path, ending) for ending in others]

    with pytest.raises(UsageError, match="there are two mapping tables org_units") as told:
        only_one(tmp_path, "org_units", KIND)
    assert sorted(told.value.where.split(", ")) == sorted(str(path) for path in paths)


def test_a_file_that_only_looks_alike_is_no_table(tmp_path: Path) -> None:
    for name in ("org_units.csv.bak", "org_units.docx", "org_units_old.csv", "~$org_units.csv"):
        (tmp_path / name).touch()

    assert only_one(tmp_path, "org_units", KIND) is None
    with pytest.raises(UsageError, match="the mapping table org_units is missing"):
        needed(tmp_path, "org_units", KIND)
    assert only_one(tmp_path / "nowhere", "org_units", KIND) is None
