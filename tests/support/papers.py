"""What stands in a file, also where it is packed."""

import gzip
import zipfile
from pathlib import Path

import polars as pl


def contents(path: Path) -> list[bytes]:
    """Give the bytes of a file, and of what is packed in it."""
    told = [path.read_bytes()]
    if path.suffix == ".gz":
        told.append(gzip.decompress(told[0]))
    elif path.suffix == ".parquet":
        told.append(pl.read_parquet(path).write_ndjson().encode())
    elif path.suffix == ".xlsx":
        with zipfile.ZipFile(path) as book:
            told += [book.read(name) for name in book.namelist()]
    return told
