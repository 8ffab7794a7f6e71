"""Read a table that people keep as CSV, workbook or Parquet, and complain with file and line."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import polars as pl

from pipeline.tables.written import (
    DELIMITED,
    WORKBOOKS,
    UnreadableTableError,
    read_delimited,
    read_sheet,
    sentence_of,
)
from pipeline.text.errors import UsageError
from pipeline.text.spelling import tidied, tidy
from pipeline.text.spreadsheets import hint
from pipeline.text.wording import count, number

MOST_TABLE_ROWS = 1_000_000
MOST_TABLE_BYTES = 256 * 2**20
TABLE_ENDINGS = (*DELIMITED, *WORKBOOKS, "parquet")


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

    Its ending may be written in small or in capital letters.
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
    return path.stem == name and has_ending(path, *TABLE_ENDINGS) and path.exists()


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

    Raises `UsageError` when it cannot be read, its header is not as expected, or a line is no row.
    """
    if path.stat().st_size > MOST_TABLE_BYTES:
        raise UsageError(
            f"the table is larger than {MOST_TABLE_BYTES // 2**20} MiB",
            where=str(path),
            remedy="such a table has some thousand rows; look what is in it",
        )
    raw = _read_parquet(path, kind) if has_ending(path, "parquet") else _read_written(path, kind)
    if raw.height > MOST_TABLE_ROWS:
        raise UsageError(
            f"the {kind.noun} has more than {number(MOST_TABLE_ROWS)} rows",
            where=str(path),
            remedy="such a table has some thousand rows; look what is in it",
        )
    if raw.is_empty() and kind.rows:
        raise UsageError(
            f"the {kind.noun} has a header and no row",
            where=str(path),
            remedy=kind.rows,
        )
    known = [name for name in kind.columns if name in raw.columns]
    absent = [pl.lit("").alias(name) for name in kind.columns if name not in known]
    text = pl.col(known).cast(pl.String).fill_null("").str.strip_chars()
    table = raw.select("line", text, *absent).select("line", *kind.columns)
    return table.with_columns(tidied(table[name]) for name in known)


def _read_parquet(path: Path, kind: TableKind) -> pl.DataFrame:
    try:
        table = pl.read_parquet(path, n_rows=MOST_TABLE_ROWS + 1)
    except (pl.exceptions.PolarsError, OSError) as error:
        raise UsageError(
            f"the {kind.noun} cannot be read as Parquet",
            where=str(path),
            remedy="write it again, or keep it as CSV",
        ) from error
    table = table.rename({name: _column_name(name) for name in table.columns})
    _insist_on_header(table.columns, kind, f"{path}:1")
    return table.select(name for name in table.columns if name in kind.columns).with_row_index(
        "line", offset=1
    )


def _read_written(path: Path, kind: TableKind) -> pl.DataFrame:
    """The rows of a CSV file or a workbook: line, and the columns of its header."""
    read = read_sheet if has_ending(path, *WORKBOOKS) else read_delimited
    needed_columns = {name for name in kind.columns if name not in kind.optional}
    try:
        table = read(
            path.read_bytes(), lambda fields: needed_columns <= {*map(_column_name, fields)}
        )
    except UnreadableTableError as error:
        where = f"{path}:{error.line}" if error.line else str(path)
        raise UsageError(
            f"the {kind.noun} {error.what}", where=where, remedy=error.remedy
        ) from error
    names = [_column_name(field) for field in table.header.fields]
    if not any(names):
        raise UsageError(
            f"the {kind.noun} is empty, it has not even a header",
            where=f"{path}:1",
            remedy=f"its first line is: {','.join(kind.columns)}",
        )
    _insist_on_header(names, kind, f"{path}:{table.header.line}")
    width = max(at for at, name in enumerate(names, 1) if name)
    refuse(
        path,
        [f"{path}:{one.line}: {sentence_of(one, width)}" for one in table.misfits],
        kind,
    )
    named = {f"field_{at}": name for at, name in enumerate(names, 1) if name in kind.columns}
    return table.rows.select("line", *named).rename(named)


def _insist_on_header(names: Sequence[str], kind: TableKind, where: str) -> None:
    """Raise `UsageError` unless a header has each column once, and no others but notes."""
    filled = [name for name in names if name]
    parts = [
        *(f"no column {name}" for name in kind.columns if name not in {*filled, *kind.optional}),
        *(
            f"unknown column {name}"
            for name in filled
            if name not in kind.columns and not _is_note(name)
        ),
        *(f"column {name} twice" for name in kind.columns if filled.count(name) > 1),
    ]
    if parts:
        raise UsageError(
            f"the header of a {kind.noun} is not as expected: " + ", ".join(parts),
            where=where,
            remedy=f"columns are {', '.join(kind.columns)}; your own begin with note_ or end with "
            "_name",
        )


def _column_name(written: str) -> str:
    """The name of a column as we write it: small letters, no blanks around, _ between words."""
    return "_".join(tidy(written).replace("-", " ").lower().split())


def _is_note(column: str) -> bool:
    return column.startswith("note") or column.endswith("_name")


def complaints_of(path: Path, table: pl.DataFrame, model: type, kind: TableKind) -> list[str]:
    """What rows (line, and what `model` declares) break, each with its file and line."""
    from schemas.checking import failures  # noqa: PLC0415  # pandera takes 0.8 s to import

    lines = table["line"]
    return [
        f"{path}:{lines[failure.row]}: {failure.column}: {failure.value!r} "
        f"{_sentence(failure.column, failure.check, kind)}"
        f"{_hint(failure.column, failure.check, str(failure.value))}"
        for failure in failures(table.drop("line"), model)
    ]


def _hint(column: str, check: str, value: str) -> str:
    """What a spreadsheet did to an id, where it seems so."""
    is_id = check == "str_matches" and "period" not in column and column != "until"
    return hint(value) if is_id else ""


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
