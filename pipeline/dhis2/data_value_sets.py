"""Read what a target holds, and send it what a plan says."""

import gzip
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any

import polars as pl
from pandera.typing.polars import DataFrame

from pipeline.cells.dictionaries import Dictionaries
from pipeline.cells.key import KEY
from pipeline.cells.packing import pack
from pipeline.dhis2.asked_values import (
    FormExtent,
    insist_on_asked,
    insist_on_one_number,
)
from pipeline.dhis2.http.answers import RawAnswer, clean, first_line
from pipeline.dhis2.http.client import Client, Parameters
from pipeline.dhis2.http.receiving import is_packed
from pipeline.dhis2.http.refusals import is_barred, letter_for
from pipeline.dhis2.http.retrying import asked_to_wait
from pipeline.dhis2.objects import read_all
from pipeline.dhis2.value_tables import values_of
from pipeline.extract.rules.questions import batched_tuples, periods_a_request
from pipeline.load.rules.complaints import ImportConflict
from pipeline.load.rules.judging import Ending, Reply
from pipeline.text.errors import (
    AnswerLostError,
    AnswerTimeoutError,
    LoginError,
    ServerError,
    TooLargeError,
)
from schemas.frames import empty, trusted
from schemas.server import SystemInfo
from schemas.values import CurrentValues, PackedCurrentValues

SITES_A_REQUEST = 200  # with 12 periods 4 KiB of an address (docs/dhis2.md, Limits)
DENIED = frozenset({403, 404, 405, 415})
_ENDINGS: dict[str, Ending] = {"LOST": "lost", "BUSY": "busy", "TOO_LARGE": "too_large"}
_COUNTED = {"importCount", "conflicts"}


@dataclass(frozen=True)
class ImportSummary:
    """What a server says it did with a request. It is kept and shown; it proves nothing.

    `status` is DHIS2's word, UNREADABLE when what came was no summary, LOST when nobody knows
    whether the request was taken, BUSY or TOO_LARGE when it was not. `rejected_indexes` and the
    indexes of complaints count the values of the request from 0. `wait_seconds`: how long the
    server asked to be left alone, if it did.
    """

    http_status: int
    status: str
    message: str
    imported: int = 0
    updated: int = 0
    ignored: int = 0
    deleted: int = 0
    complaints: tuple[ImportConflict, ...] = ()
    rejected_indexes: tuple[int, ...] = ()
    error_code: str = ""
    wait_seconds: float | None = None

    @property
    def reply(self) -> Reply:
        """What an outcome is judged by."""
        denied = self.http_status in DENIED
        ended = _ENDINGS.get(self.status, "denied" if denied else "answered")
        said = f"the server answered {self.status} ({self.http_status}): {self.message}"
        return Reply(ended, self.complaints, None if self.status == "SUCCESS" else said)

    def as_record(self) -> dict[str, Any]:
        """The summary as JSON keeps it."""
        return {**vars(self), "complaints": [one._asdict() for one in self.complaints]}


def read_current(
    client: Client,
    data_set: str,
    periods: Sequence[str],
    roots: Sequence[str],
    extent: FormExtent | None = None,
) -> DataFrame[CurrentValues]:
    """Read all values of a data set for some periods, below the given org units.

    Deleted rows are left out, each cell comes once, no order is promised. An empty answer is a
    refusal, never "no values"; so is one about something else than was asked. `extent`: what may
    stand in the data set, None where that is not known.
    """
    parts = [empty(CurrentValues)]
    for parameters, answer in ask_for_values(client, data_set, periods, roots):
        with client.stopwatch.measuring("parse"):
            part = values_of(answer)
            insist_on_asked(part, answer, parameters, extent)
            insist_on_one_number(part, answer)
            parts.append(part)
    values = pl.concat(parts)
    # Roots that lie within one another tell a cell twice, and a server may repeat a row.
    if values.select(KEY).hash_rows().is_duplicated().any():
        values = values.unique(KEY, maintain_order=True)
    return trusted(values, CurrentValues)


def read_current_cells(
    client: Client,
    data_set: str,
    periods: Sequence[str],
    roots: Sequence[str],
    dictionaries: Dictionaries,
    *,
    extent: FormExtent | None = None,
    below: bool = True,
    wanted: pl.Series | None = None,
) -> DataFrame[PackedCurrentValues]:
    """Read the same by the numbers of cells; those that have no number are left out.

    `below`: with all that lies below the org units, or these alone. `wanted`: the cells that are
    of interest; of all others no more is looked at than that they were asked for.
    """
    parts = [empty(PackedCurrentValues)]
    for parameters, answer in ask_for_values(client, data_set, periods, roots, below=below):
        with client.stopwatch.measuring("parse"):
            values = values_of(answer)
            insist_on_asked(values, answer, parameters, extent)
            numbered = pack(values, dictionaries)
            if wanted is not None:
                known = numbered["cell"].is_in(wanted.implode()).fill_null(value=False)
                values = trusted(values.filter(known), CurrentValues)
                numbered = numbered.filter(known)
            insist_on_one_number(values, answer, numbered["cell"])
            parts.append(trusted(numbered.drop_nulls("cell"), PackedCurrentValues))
    return each_once(parts)


def each_once(
    parts: Sequence[DataFrame[PackedCurrentValues]],
) -> DataFrame[PackedCurrentValues]:
    """The cells of several answers; one that comes in two of them is taken once, as it came first.

    To look for such cells among numbers costs a third of what it costs to sort all texts.
    """
    cells = pl.concat(parts)
    in_order = cells["cell"].sort()
    if (in_order == in_order.shift(1)).any():
        cells = cells.unique("cell", keep="first", maintain_order=True)
    return trusted(cells, PackedCurrentValues)


def ask_for_values(
    client: Client,
    data_set: str,
    periods: Sequence[str],
    roots: Sequence[str],
    *,
    below: bool = True,
) -> Iterator[tuple[Parameters, RawAnswer]]:
    """Ask for all values of a data set; give what was asked and what was answered, in order.

    `below`: with all that lies below the roots, or these alone. A server that is too slow to find
    what lies below a root is asked for the sites themselves, for as long as the client is open
    (docs/dhis2.md, Reading data value sets).
    """
    batches = [*batched_tuples(periods, periods_a_request(periods))]
    if not below:
        for some in batches:
            for sites in batched_tuples(roots, SITES_A_REQUEST):
                yield from _ask_for_some(client, data_set, some, sites, below=False)
        return
    for root in roots:
        for some in batches:
            if root not in client.sites_below:
                try:
                    yield from list(_ask_for_some(client, data_set, some, (root,), below=True))
                except AnswerTimeoutError:
                    client.sites_below[root] = _at_and_below(client, root)
                else:
                    continue
            for sites in batched_tuples(client.sites_below[root], SITES_A_REQUEST):
                yield from _ask_for_some(client, data_set, some, sites, below=False)


def _at_and_below(client: Client, root: str) -> tuple[str, ...]:
    """The ids of an org unit and of all that the account sees below it, sorted."""
    listed = read_all(client, "organisationUnits", "id,path")
    return tuple(sorted(str(one["id"]) for one in listed if root in str(one["path"]).split("/")))


def _ask_for_some(
    client: Client, data_set: str, periods: Sequence[str], sites: Sequence[str], *, below: bool
) -> Iterator[tuple[Parameters, RawAnswer]]:
    """Ask for some periods at once, or in halves where that is too much for the server.

    `below`: with all that lies below the sites. Then a server that is too slow is not asked for
    less, but raises `AnswerTimeoutError`.
    """
    parameters = [
        ("dataSet", data_set),
        *(("period", period) for period in periods),
        *(("orgUnit", site) for site in sites),
        ("children", str(below).lower()),
        ("includeDeleted", "false"),
        ("compression", "gzip"),  # DHIS2 never packs what it is not asked to
    ]
    try:
        answer = _ask_in_some_form(client, parameters)
    except TooLargeError as letter:
        if len(periods) == 1 or (below and isinstance(letter, AnswerTimeoutError)):
            raise
        half = (len(periods) + 1) // 2
        for some in batched_tuples(periods, half):
            yield from _ask_for_some(client, data_set, some, sites, below=below)
    else:
        yield parameters, answer


def _ask_in_some_form(client: Client, parameters: Parameters) -> RawAnswer:
    """Ask for CSV, which is faster; some versions refuse it, by its path or wholly.

    (docs/dhis2.md, Reading data value sets)
    """
    answer = client.get_answer("dataValueSets.csv", parameters, accept="application/csv")
    if answer.status == HTTPStatus.NOT_ACCEPTABLE:
        named = [*parameters, ("format", "csv")]
        answer = client.get_answer("dataValueSets", named, accept="application/csv")
    if answer.status == HTTPStatus.NOT_ACCEPTABLE:
        plain = [one for one in parameters if one[0] != "compression"]  # its type would be hidden
        answer = client.get_answer("dataValueSets", plain)
    return answer


def post(client: Client, body: bytes, info: SystemInfo, *, dry_run: bool = False) -> ImportSummary:
    """Send values of one data set, once. What the server says is read, not believed.

    `body` may be packed; where something on the way takes no packed bodies, it goes as it is.
    Raises `LoginError` when the login is refused.
    """
    parameters = [("importStrategy", "CREATE_AND_UPDATE"), ("async", "false")]
    if not info.is_new_engine:
        parameters.append(("preheatCache", "true"))
    if dry_run:
        parameters.append(("dryRun", "true"))
    try:
        answer = client.post_json("dataValueSets", body, parameters)
        if answer.status == HTTPStatus.UNSUPPORTED_MEDIA_TYPE and is_packed(body):
            answer = client.post_json("dataValueSets", gzip.decompress(body), parameters)
    except AnswerLostError as letter:
        wait = letter.wait.total_seconds() if letter.wait else None
        return ImportSummary(letter.status, "LOST", letter.what, wait_seconds=wait)
    except TooLargeError as letter:
        return ImportSummary(letter.status, "TOO_LARGE", letter.what)
    except LoginError:
        raise
    except ServerError as letter:  # nothing was sent
        return ImportSummary(letter.status, "BUSY", letter.what)
    if answer.status == HTTPStatus.TOO_MANY_REQUESTS:
        asked = asked_to_wait(answer.headers.get("retry-after", ""), datetime.now(tz=UTC))
        wait = asked.total_seconds() if asked else None
        return ImportSummary(answer.status, "BUSY", first_line(answer.body), wait_seconds=wait)
    return summary_of(answer)


def summary_of(answer: RawAnswer) -> ImportSummary:
    """Read the summary out of an answer of either generation, with or without its envelope."""
    try:
        body = answer.json()
    except ServerError:
        body = None
    if not isinstance(body, dict) or is_barred(answer):
        said = letter_for(answer).what if is_barred(answer) else first_line(answer.body)
        return ImportSummary(answer.status, "UNREADABLE", said)
    inner = next(
        (
            one
            for one in (body.get("response"), body)
            if isinstance(one, dict) and _COUNTED & {*one}
        ),
        {},
    )
    counts = inner.get("importCount") or {}
    return ImportSummary(
        http_status=answer.status,
        status=str(inner.get("status") or body.get("status") or "UNREADABLE"),
        message=clean(str(inner.get("description") or body.get("message") or "")),
        imported=int(counts.get("imported") or 0),
        updated=int(counts.get("updated") or 0),
        ignored=int(counts.get("ignored") or 0),
        deleted=int(counts.get("deleted") or 0),
        complaints=tuple(_complaint(one) for one in inner.get("conflicts") or ()),
        rejected_indexes=tuple(int(index) for index in inner.get("rejectedIndexes") or ()),
        error_code=clean(str(body.get("errorCode") or "")),
    )


def _complaint(conflict: dict[str, Any]) -> ImportConflict:
    objects = conflict.get("objects") or {}
    return ImportConflict(
        code=str(conflict.get("errorCode") or ""),
        message=clean(str(conflict.get("value") or "")),
        indexes=tuple(int(index) for index in conflict.get("indexes") or ()),
        arguments=str(objects.get("args") or ""),
    )
