"""Answer an analyst's question from a finished publication, and from nothing else."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import chain, count
from pathlib import Path
from typing import Any

import polars as pl

from pipeline.report.answers import ColumnKind, ColumnKinds, with_plain_numbers
from pipeline.store.database import open_for_questions
from pipeline.store.records import Database
from pipeline.text.errors import UsageError

ROWS_OF_A_BATCH = 50_000
_ONLY_QUESTIONS = "begin with select, from, with, describe, summarize or show"
_NUMBERS = (
    *("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT", "BIGNUM"),
    *("UTINYINT", "USMALLINT", "UINTEGER", "UBIGINT", "UHUGEINT"),
)
_NESTED = ("STRUCT", "MAP", "UNION", "VARIANT")


@dataclass(frozen=True)
class QueryResult:
    """What each column is, and the rows as text, a batch at a time; nulls are nulls."""

    kinds: ColumnKinds
    batches: Iterator[pl.DataFrame] = field(repr=False)


@contextmanager
def query(file: Path, question: str, most: int | None = None) -> Iterator[QueryResult]:
    """The answer to one question in SQL, at most so many rows, while the file is open.

    Raises `UsageError` with the place in the question that cannot be understood, or when it asks
    for something outside of the publication.
    """
    with open_for_questions(file, question) as publication:
        _insist_on_one_question(publication, question)
        # Only this tells where in the question a name is wrong.
        publication.execute(f"prepare question as\n{question}")
        asked = publication.sql(question.strip().rstrip(";"))
        names = _named_apart(asked.columns)
        kinds = dict(zip(names, map(_kind, map(str, asked.types)), strict=True))
        texts = asked.project(", ".join(_as_text(*one) for one in enumerate(kinds.items(), 1)))
        rows = texts if most is None else texts.limit(most)
        yield QueryResult(kinds, _batches(rows, kinds))


def _insist_on_one_question(publication: Database, question: str) -> None:
    statements = publication.extract_statements(question)
    if len(statements) != 1:
        what = "nothing was asked" if not statements else "more than one question was asked"
        raise UsageError(what, remedy=f"ask one question at a time; {_ONLY_QUESTIONS}")
    kind = statements[0].type.name
    if kind != "SELECT":
        raise UsageError(
            f"this is no question but a command ({kind}); a publication is only read",
            remedy=_ONLY_QUESTIONS,
        )


def _named_apart(columns: Sequence[str]) -> list[str]:
    """A name of its own for each column: a second `a` is `a_1`."""
    names: list[str] = []
    for column in columns:
        also = (f"{column}_{number}" for number in count(1))
        names.append(next(name for name in chain([column], also) if name not in names))
    return names


def _kind(type_name: str) -> ColumnKind:
    if type_name.endswith("]") or type_name.startswith(_NESTED):
        return "nested"
    if type_name in ("FLOAT", "DOUBLE"):
        return "double"
    if type_name in _NUMBERS or type_name.startswith("DECIMAL"):
        return "number"
    return "truth" if type_name == "BOOLEAN" else "text"


def _as_text(place: int, column: tuple[str, ColumnKind]) -> str:
    name, kind = column
    quoted = name.replace('"', '""')
    value = f"to_json(#{place})" if kind == "nested" else f"#{place}"
    return f'cast({value} as varchar) as "{quoted}"'


def _batches(rows: Any, kinds: ColumnKinds) -> Iterator[pl.DataFrame]:  # noqa: ANN401  # DuckDB's relation
    no_rows = pl.DataFrame(schema=dict.fromkeys(kinds, pl.String))
    yield no_rows
    for batch in rows.to_arrow_reader(ROWS_OF_A_BATCH):
        yield with_plain_numbers(no_rows.vstack(pl.DataFrame(batch)), kinds)
