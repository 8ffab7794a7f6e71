"""Read a table that people keep as CSV or Parquet, and complain with file and line."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import polars as pl

from pipeline.text.errors import UsageError
from pipeline.text.wording import count, number

MOST_TABLE_ROWS = 1_000_000
MOST_TABLE_BYTES = 256 * 2**20
# how a workbook, an archive and other packed files begin: polars would unpack some of them
_PACKED = (b"PK\x03\x04", b"\x1f\x8b", b"\x28\xb5\x2f\xfd", b"x\x01", b"x\x9c", b"x\xda")


@dataclass(frozen=True)
class TableKind:
    """What a table is called, and which columns it may have.

    `optional` columns may be missing and are then empty; `rows` says how to fill an empty table
    ("": it may be empty); `sentences` tell what a broken rule of its schema means, by the rule or
    by `column.rule`.
    """

    noun: str
    columns: Sequence[str]
    optional: Collection[str] = ()
    rows: str = ""
    sentences: Mapping[str, str] = field(default_factory=dict)


def only_one(folder: Path, name: str, kind: TableKind) -> Path | None:
    """The one file a table is in, None when there is none; two of them are refused.

    Its ending, csv or parquet, may be written in small or in capital letters.
    """
    files = sorted(folder.glob(f"{name}.*"), key=lambda path: (path.suffix.lower(), path.name))
    found = [path for path in files if _is_table(path, name)]
    if len(found) > 1:
        raise UsageError(
            f"there are two {kind.noun}s {name}",
            where=", ".join(str(path) for path in found),
            remedy="keep one of them",
        )
    return found[0] if found else None


def _is_table(path: Path, name: str) -> bool:
    return path.stem == name and has_ending(path, "csv", "parquet") and path.exists()


def has_ending(path: Path, *endings: str) -> bool:
    """Whether a file ends in one of these (csv, parquet), in small or in capital letters."""
    return path.suffix.lower().removeprefix(".") in endings


def needed(folder: Path, name: str, kind: TableKind) -> Path:
    """The one file a table is in; raises `UsageError` when there is none."""
    path = only_one(folder, name, kind)
    if path is None:
        raise UsageError(
            f"the {kind.noun} {name} is missing",
            where=str(folder / f"{name}.csv"),
            remedy="`tally init NAME` writes an empty one with its header",
        )
    return path


def read_table(path: Path, kind: TableKind) -> pl.DataFrame:
    """The rows of a table: line and its columns, all text without blanks around.

    Raises `UsageError` when it cannot be read, or its header is not as expected.
    """
    columns = kind.columns
    if path.stat().st_size > MOST_TABLE_BYTES:
        raise UsageError(
            f"the table is larger than {MOST_TABLE_BYTES // 2**20} MiB",
            where=str(path),
            remedy="such a table has some thousand rows; look what is in it",
        )
    is_parquet = has_ending(path, "parquet")
    raw = _read_parquet(path, kind) if is_parquet else _read_csv(path, kind)
    if raw.height > MOST_TABLE_ROWS:
        raise UsageError(
            f"the {kind.noun} has more than {number(MOST_TABLE_ROWS)} rows",
            where=str(path),
            remedy="such a table has some thousand rows; look what is in it",
        )
    known = [name for name in raw.columns if name in columns]
    missing = [name for name in columns if name not in {*raw.columns, *kind.optional}]
    strange = [name for name in raw.columns if name not in columns and not _is_note(name)]
    if missing or strange:
        parts = [f"no column {name}" for name in missing] + [
            f"unknown column {name}" for name in strange
        ]
        raise UsageError(
            f"the header of a {kind.noun} is not as expected: " + ", ".join(parts),
            where=f"{path}:1",
            remedy=f"columns are {', '.join(columns)}; your own begin with note_ or end with _name",
        )
    if raw.is_empty() and kind.rows:
        raise UsageError(
            f"the {kind.noun} has a header and no row",
            where=str(path),
            remedy=kind.rows,
        )
    absent = [pl.lit("").alias(name) for name in columns if name not in known]
    text = pl.col(known).cast(pl.String).fill_null("").str.strip_chars()
    first = 1 if is_parquet else 2  # line 1 of a CSV is its header
    return (
        raw.with_row_index("line", offset=first)
        .select("line", text, *absent)
        .select("line", *columns)
    )


def _is_note(column: str) -> bool:
    return column.startswith("note") or column.endswith("_name")


def _read_parquet(path: Path, kind: TableKind) -> pl.DataFrame:
    try:
        return pl.read_parquet(path, n_rows=MOST_TABLE_ROWS + 1)
    except (pl.exceptions.PolarsError, OSError) as error:
        raise UsageError(
            f"the {kind.noun} cannot be read as Parquet",
            where=str(path),
            remedy="write it again, or keep it as CSV",
        ) from error


def _read_csv(path: Path, kind: TableKind) -> pl.DataFrame:
    content = path.read_bytes().removeprefix(b"\xef\xbb\xbf")
    if content.startswith(_PACKED):
        raise UsageError(
            f"the {kind.noun} is a workbook or a zipped file, not CSV",
            where=str(path),
            remedy='save it as "CSV UTF-8"',
        )
    header = content.split(b"\n", 1)[0]
    separator = ";" if b";" in header and b"," not in header else ","
    if not content.strip():
        raise UsageError(
            f"the {kind.noun} is empty, it has not even a header",
            where=f"{path}:1",
            remedy=f"its first line is: {','.join(kind.columns)}",
        )
    try:
        content.decode("utf-8")
        return pl.read_csv(
            content,
            separator=separator,
            infer_schema=False,
            n_rows=MOST_TABLE_ROWS + 1,
        )
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise UsageError(
            f"the {kind.noun} is not written in UTF-8",
            where=f"{path}:{line}",
            remedy='save it as "CSV UTF-8"',
        ) from error
    except pl.exceptions.PolarsError as error:
        raise UsageError(
            f"the {kind.noun} cannot be read as CSV: {str(error).splitlines()[0]}",
            where=f"{path}:{_ragged_line(content, separator)}",
            remedy="every row needs as many columns as the header; quote texts with commas",
        ) from error


def _ragged_line(content: bytes, separator: str) -> int:
    lines = content.decode("utf-8").splitlines()
    width = lines[0].count(separator)
    return next((n for n, line in enumerate(lines, 1) if line.count(separator) > width), 1)


def complaints_of(path: Path, table: pl.DataFrame, model: type, kind: TableKind) -> list[str]:
    """What rows (line, and what `model` declares) break, each with its file and line."""
    from schemas.checking import failures  # noqa: PLC0415  # pandera takes 0.8 s to import

    lines = table["line"]
    return [
        f"{path}:{lines[failure.row]}: {failure.column}: {failure.value!r} "
        f"{_sentence(failure.column, failure.check, kind)}"
        for failure in failures(table.drop("line"), model)
    ]


def _sentence(column: str, check: str, kind: TableKind) -> str:
    return kind.sentences.get(f"{column}.{check}", kind.sentences.get(check, check))


def doubled(path: Path, table: pl.DataFrame, columns: Sequence[str], sentence: str) -> list[str]:
    """The rows that have the same in `columns` as one before them, each with its file and line."""
    groups = table.group_by(columns, maintain_order=True).agg(pl.col("line"))
    same = groups.filter(pl.col("line").list.len() > 1)["line"].to_list()
    return [f"{path}:{lines[1]}: {sentence}; the other is line {lines[0]}" for lines in same]


def refuse(path: Path, complaints: Sequence[str], kind: TableKind) -> None:
    """Raise `UsageError` with the first complaints, when there are any."""
    if not complaints:
        return
    shown = [*complaints[:20]]
    if len(complaints) > len(shown):
        shown.append(f"… and {number(len(complaints) - len(shown))} more")
    raise UsageError(
        f"the {kind.noun} {path.name} has {count(len(complaints), 'mistake')}",
        where="\n         ".join(shown),
        remedy="mend these lines and run the same command again",
    )
