"""Read the manual numbers that stand in a data set of the target."""

import hashlib
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import polars as pl
from isal import igzip
from pandera.typing.polars import DataFrame

from pipeline.cells.key import FORM_CELL, KEY
from pipeline.cells.numbers import number_of
from pipeline.compare.rules.links import MANUAL_CELL
from pipeline.dhis2.data_values.asked import insist_on_asked, insist_on_one_number
from pipeline.dhis2.data_values.reading import ask_for_values
from pipeline.dhis2.data_values.tables import values_of
from pipeline.dhis2.http.client import Client
from pipeline.dhis2.system import read_account, read_system
from pipeline.files.lines import append_line
from pipeline.files.whole import write_bytes
from pipeline.run.records import Extract
from pipeline.text.errors import RefusedError
from schemas.comparison import ManualRows
from schemas.frames import checked, columns, empty
from schemas.server import may_be_same_system
from schemas.values import CurrentValues


def insist_on_target(target: Client, extract: Extract, loaded_into: str | None) -> None:
    """Go on only when the target is the system that the run was extracted for, or loaded into."""
    system = read_system(target).system_id
    known = (one for one in (extract.target_system_id, loaded_into) if one is not None)
    if not any(may_be_same_system(one, system) for one in known):
        raise RefusedError(
            f"the target is system {system}, and this run was extracted for "
            f"{extract.target_system_id}",
            where=target.connection.base,
            remedy="begin a new run with `tally run NAME`",
        )


def read_values(
    target: Client,
    data_set: str,
    periods: list[str],
    folder: Path,
    clock: Callable[[], datetime],
) -> DataFrame[ManualRows]:
    """Ask for the data set's values, and keep the answers byte for byte.

    `periods`: their ids. The answers go to `folder`, numbered from 1, with one line each in
    requests.jsonl.
    """
    roots = read_account(target).reading_roots
    parts = [empty(CurrentValues)]
    answers = ask_for_values(target, data_set, periods, roots)
    for number, (parameters, answer) in enumerate(answers, start=1):
        name = f"{number:04d}.{'json' if answer.is_json else 'csv'}.gz"
        write_bytes(folder / name, igzip.compress(answer.body, 1, mtime=0))
        append_line(
            folder / "requests.jsonl",
            {
                "number": number,
                "file": name,
                "path": answer.path,
                "parameters": parameters,
                "status": answer.status,
                "content_type": answer.content_type,
                "bytes": len(answer.body),
                "sha256": hashlib.sha256(answer.body).hexdigest(),
                "seconds": round(answer.seconds, 3),
                "asked_at": clock().isoformat(),
            },
        )
        with target.stopwatch.measuring("parse"):
            part = values_of(answer)
            insist_on_asked(part, answer, parameters)
            insist_on_one_number(part, answer)
            parts.append(part)
    values = pl.concat(parts).unique().sort(KEY)
    rows = values.select(
        pl.lit(None).cast(pl.Int64).alias("line"),
        *(pl.col(name).alias(manual) for name, manual in zip(FORM_CELL, MANUAL_CELL, strict=True)),
        written_period="period",
        written_unit="org_unit",
        written="value",
        number=number_of(pl.col("value")),
    )
    return checked(rows.select(columns(ManualRows)), ManualRows)
