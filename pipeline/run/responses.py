"""Keep what the source said byte for byte, and read it again without guessing."""

import hashlib
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Literal

from isal import igzip
from pandera.typing.polars import DataFrame

from pipeline.dhis2.analytics import Response
from pipeline.dhis2.http.receiving import CutShortError, receive
from pipeline.extract.rules.grids import rows_of_csv, rows_of_grid
from pipeline.extract.rules.questions import Question
from pipeline.files.lines import append_line, read_lines
from pipeline.files.whole import write_bytes
from pipeline.probes.failpoints import reach
from pipeline.run.folder import RunFolder
from pipeline.text.errors import FindingsError
from schemas.values import AnalyticsRows

PROVENANCE = "requests.jsonl"
Purpose = Literal["joint", "alone", "total", "confirm"]


@dataclass(frozen=True)
class Kept:
    """A response of this run, read back: what was asked, why, and the rows."""

    number: int
    question: Question
    purpose: str
    rows: DataFrame[AnalyticsRows] = field(repr=False)


def forget_responses(run: RunFolder) -> None:
    """Begin afresh: what an unfinished extract left in this folder is no part of the next."""
    for path in (run.path / PROVENANCE, *run.responses.glob("*.gz")):
        path.unlink(missing_ok=True)


def keep_response(run: RunFolder, number: int, response: Response, purpose: Purpose) -> None:
    """Write the body, packed, and one line that says where it came from."""
    name = f"{number:04d}.{response.kind}.gz"
    write_bytes(run.responses / name, igzip.compress(response.answer.body, 1, mtime=0))
    reach("extract.kept")
    append_line(
        run.path / PROVENANCE,
        {
            "number": number,
            "file": name,
            "purpose": purpose,
            "path": response.answer.path,
            "parameters": response.question.parameters(),
            "question": response.question.as_record(),
            "status": response.answer.status,
            "content_type": response.answer.content_type,
            "bytes": len(response.answer.body),
            "sha256": hashlib.sha256(response.answer.body).hexdigest(),
            "seconds": round(response.answer.seconds, 3),
            "seconds_to_first_byte": round(response.answer.waited, 3),
            "asked_at": response.asked_at.isoformat(),
            "rows": response.rows.height,
        },
    )


def read_responses(run: RunFolder, *purposes: Purpose) -> Iterator[Kept]:
    """Read the responses of a run, in order, those of the given purposes.

    Raises `FindingsError` when a file is not what the server said any more.
    """
    for record in read_lines(run.require(PROVENANCE, "extract")):
        if record["purpose"] not in purposes:
            continue
        path = run.responses / record["file"]
        question = Question.from_record(record["question"])
        try:
            body = receive([path.read_bytes()], "gzip", sys.maxsize)
        except (OSError, CutShortError):
            body = b""
        if hashlib.sha256(body).hexdigest() != record["sha256"]:
            raise FindingsError(
                "a response of this run is missing or damaged",
                where=str(path),
                remedy="begin a new run with `tally run NAME`",
            )
        read = rows_of_csv if path.name.endswith(".csv.gz") else rows_of_grid
        yield Kept(record["number"], question, record["purpose"], read(body, question))


def keep_all(run: RunFolder, responses: Iterable[Response], purpose: Purpose) -> None:
    """Keep more responses, numbered on from those that are there."""
    first = len(read_lines(run.path / PROVENANCE)) + 1
    for number, response in enumerate(responses, first):
        keep_response(run, number, response, purpose)
