"""A publication is written as files for other tools: each of them whole, or none."""

from pathlib import Path

import polars as pl
import pytest

import sql
from pipeline.publish.export import export
from pipeline.store.database import open_database
from pipeline.text.errors import TallyError
from tests.support.small_publication import World

VIEWS = [view for view in sql.names("views") if "." not in view]


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return World(tmp_path_factory.mktemp("home")).publish().file


def test_every_view_is_written_in_each_format(file: Path, tmp_path: Path) -> None:
    written = export(file, tmp_path / "out", ["csv", "parquet"])

    names = sorted(f"{view}.{kind}" for view in VIEWS for kind in ("csv", "parquet"))
    assert sorted(written) == names
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == names


def test_a_file_has_the_rows_of_its_view_in_order(file: Path, tmp_path: Path) -> None:
    export(file, tmp_path, ["csv", "parquet"])

    columns = ["org_unit", "period_start", "value"]
    values = pl.read_parquet(tmp_path / "data_values.parquet")
    assert values.select(columns).write_csv().splitlines() == [
        "org_unit,period_start,value",
        "ouClinicAA1,2024-01-01,10.0",
        "ouClinicCC3,2024-01-01,3.0",
    ]
    told = pl.read_csv(tmp_path / "data_values.csv").select(columns)
    assert told.rows() == [("ouClinicAA1", "2024-01-01", 10), ("ouClinicCC3", "2024-01-01", 3)]


def test_the_same_publication_gives_the_same_bytes(file: Path, tmp_path: Path) -> None:
    for folder in ("once", "again"):
        export(file, tmp_path / folder, ["csv", "parquet"])

    for path in sorted((tmp_path / "once").iterdir()):
        assert path.read_bytes() == (tmp_path / "again" / path.name).read_bytes()


def test_what_could_not_be_finished_leaves_what_was_there(tmp_path: Path) -> None:
    file = World(tmp_path / "home").publish().file
    out = tmp_path / "out"
    export(file, out, ["csv"])
    (out / "mine.csv").write_text("mine\n")
    before = {path.name: path.read_bytes() for path in out.iterdir()}
    file.chmod(0o644)
    with open_database(file) as database:
        database.execute("create or replace view rejects as select error('stop') as broken")

    with pytest.raises(TallyError):
        export(file, out, ["csv", "parquet"])

    assert {path.name: path.read_bytes() for path in out.iterdir()} == before
