"""A frame is written as Parquet, whole or not at all."""

from pathlib import Path

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from pipeline.files.frames import write_frame
from pipeline.text.errors import UnavailableError

FRAME = pl.DataFrame({"cell": [1, 2], "value": [1.5, None]})


def test_a_frame_comes_back_as_it_was(tmp_path: Path) -> None:
    write_frame(tmp_path / "values.parquet", FRAME)

    assert_frame_equal(pl.read_parquet(tmp_path / "values.parquet"), FRAME)
    assert [path.name for path in tmp_path.iterdir()] == ["values.parquet"]


def test_the_same_frame_gives_the_same_bytes(tmp_path: Path) -> None:
    pages = [tmp_path / name for name in ("one.parquet", "two.parquet")]
    for page in pages:
        write_frame(page, FRAME)

    assert pages[0].read_bytes() == pages[1].read_bytes()


def test_a_full_disk_is_a_letter_also_where_polars_wraps_it(tmp_path: Path) -> None:
    page = tmp_path / ".values.parquet.part"
    page.symlink_to("/dev/full")

    with pytest.raises(UnavailableError, match="the disk is full"):
        write_frame(tmp_path / "values.parquet", FRAME)

    assert list(tmp_path.iterdir()) == []
