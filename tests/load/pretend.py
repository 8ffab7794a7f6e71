"""A target that keeps cells in memory and answers by a script, and a load that needs no more."""

import gzip
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pandera.polars as pa
import polars as pl

from pipeline.cells.dictionaries import Dictionaries, empty_dictionaries, extend
from pipeline.cells.key import KEY
from pipeline.cells.packing import with_cell
from pipeline.config.sections import Transfer
from pipeline.dhis2.access.connections import Connection
from pipeline.dhis2.access.credentials import Credentials
from pipeline.dhis2.http.client import Client
from pipeline.files.deployment import Deployment
from pipeline.load.context import LoadContext
from pipeline.load.rules.waiting import Waiting, cells_to_write
from pipeline.load.throttle import Throttle, ThrottleLimits
from pipeline.run.folder import new_run
from pipeline.run.work import Work
from pipeline.store.records import Image
from sandbox.state.world import ValueKey
from schemas.frames import empty, trusted
from schemas.load import LoadPlan
from schemas.plan import NewValues
from schemas.server import Account, SystemInfo
from tests.dhis2.http.script import Said, says
from tests.support.deployments import NAME, PASSWORD, now
from tests.support.frames import frame
from tests.support.models import completed
from tests.support.small_world import NOTHING, numbers, record
from tests.support.village import CLINICS, DATA_SET, LETTERS, MONTHS, MORNING, NAMES, Line, key_of

HERE = "00000000-0000-4000-8000-000000000001"
MEMBERS = ("dataElement", "period", "orgUnit", "categoryOptionCombo", "attributeOptionCombo")
HEADER = [*map(str.lower, MEMBERS), "value", "storedby", "lastupdated", "comment", "deleted"]
ROOMY = ThrottleLimits(fewest_rows=1, most_rows=100, most_in_flight=2)


class Target:
    """A pretend target: each write is answered by the next of `answers`, and then all is taken."""

    def __init__(self) -> None:
        self.stands: dict[ValueKey, tuple[str, str]] = {}  # the text, and who stored it
        self.answers: list[TargetAnswer] = []
        self.posts: list[list[Line]] = []
        self.reads = 0

    def __call__(self, request: httpx.Request) -> httpx.Response:
        if request.method == "GET":
            self.reads += 1
            params = request.url.params
            periods, sites = params.get_list("period"), params.get_list("orgUnit")
            rows = [
                [*key, text, author, "", "", "false"]
                for key, (text, author) in self.stands.items()
                if key.period in periods and (params["children"] == "true" or key.org_unit in sites)
            ]
            body = "".join(",".join(row) + "\n" for row in (HEADER, *rows))
            return _response(says(200, body, "application/csv"))
        values = json.loads(gzip.decompress(request.read()))["dataValues"]
        self.posts.append(sorted(_line(_key(one), one["value"]) for one in values))
        return _response((self.answers.pop(0) if self.answers else takes)(self, values))

    def type(self, table: str, by: str = "clerk") -> None:
        """Let somebody store numbers: month, clinic, what, number."""
        for month, clinic, what, number in frame(table).rows():
            self.stands[key_of(month, clinic, what)] = (number, by)

    @property
    def lines(self) -> list[Line]:
        """What stands, in words."""
        return sorted(_line(key, text) for key, (text, _) in self.stands.items())


TargetAnswer = Callable[[Target, list[Any]], Said]


def _response(said: Said) -> httpx.Response:
    stream = httpx.ByteStream(said.body.encode())
    return httpx.Response(said.status, headers=said.headers, stream=stream)


def _key(value: Any) -> ValueKey:  # noqa: ANN401  # JSON, as it was sent
    return ValueKey(*(value[member] for member in MEMBERS))


def _line(key: ValueKey, text: str) -> Line:
    return (key.period, LETTERS[key.org_unit], NAMES[key[0], key[3]], text)


def takes(target: Target, values: list[Any]) -> Said:
    """Store everything, and say so."""
    for one in values:
        if one.get("deleted"):
            target.stands.pop(_key(one), None)
        else:
            target.stands[_key(one)] = (one["value"], "tally")
    return _summary(200, "SUCCESS")


def loses_its_answer(target: Target, values: list[Any]) -> Said:
    """Store everything; nobody hears of it."""
    takes(target, values)
    return says(502, "bad gateway", "text/html")


def only_says(status: int) -> TargetAnswer:
    """Store nothing, and say this status."""
    return lambda _target, _values: says(status, "no", "text/plain")


def refuses(*clinics: str) -> TargetAnswer:
    """Refuse a whole request that has a number of these clinics, and name none of them."""

    def answer(target: Target, values: list[Any]) -> Said:
        guilty = any(LETTERS[one["orgUnit"]] in clinics for one in values)
        return _summary(409, "ERROR") if guilty else takes(target, values)

    return answer


def _summary(status: int, word: str) -> Said:
    return says(status, json.dumps({"response": {"status": word, "importCount": {}}}))


def rows_of(table: str, model: type[pa.DataFrameModel]) -> pl.DataFrame:
    """Rows of cells that are told as month, clinic and what, with other columns of the model.

    `delete` and `closes_ledger` are told by an x.
    """
    told = frame(table)
    keys = [key_of(*words) for words in told.select("month", "clinic", "what").rows()]
    cells = pl.DataFrame(keys, list(KEY), orient="row").hstack(told.drop("month", "clinic", "what"))
    marked = [
        (pl.col(name) == "x" if name in told.columns else pl.lit(value=False)).alias(name)
        for name in ("delete", "closes_ledger")
    ]
    meant = cells.with_columns(*marked, data_set=pl.lit(DATA_SET))
    return completed(with_cell(meant, EVERY_CELL), model)


def waiting(table: str) -> Waiting:
    """Cells that wait to be written; told as month, clinic, what and send."""
    rows = rows_of(table, LoadPlan).with_columns(action=pl.lit("create"))
    return cells_to_write(trusted(rows, LoadPlan), empty(NewValues))


def _every_cell() -> Dictionaries:
    keys = [
        key_of(month, clinic, what)
        for month in MONTHS
        for clinic in "abc"
        for what in NAMES.values()
    ]
    return extend(empty_dictionaries(), pl.DataFrame(keys, list(KEY), orient="row"))


EVERY_CELL = _every_cell()


@contextmanager
def loading(
    folder: Path,
    target: Target,
    *,
    limits: ThrottleLimits = ROOMY,
    assigned: str = "abc",
    sleep: Callable[[float], None] = lambda _seconds: None,
    patience: float = 10**6,
    system_id: str = HERE,
) -> Iterator[LoadContext]:
    """A load into a pretend target, of a transfer whose store knows every cell of the village."""
    settings = Transfer.model_validate(
        {
            "source": {"program_indicators": ["piCases0001"]},
            "target": {"data_sets": [DATA_SET]},
            "periods": {"explicit": MONTHS},
            "org_units": {"level": 2},
        }
    )
    deployment = Deployment(folder)
    work = Work(deployment, NAME, settings, new_run(deployment, NAME, now()))
    image = Image(*(numbered.select("id") for numbered in EVERY_CELL))
    if not work.store.path.exists():
        run = record(work.run.run_id)
        work.store.commit_snapshot(run, EVERY_CELL, image, numbers({}), NOTHING)
    connection = Connection("http://127.0.0.1:1", Credentials("tally", PASSWORD))
    sites = [CLINICS[letter] for letter in assigned]
    with Client(connection, transport=httpx.MockTransport(target)) as client:
        yield LoadContext(
            work=work,
            client=client,
            info=SystemInfo("2.43.0", "iso8601", system_id, MORNING.replace(tzinfo=None), None),
            account=Account("tally", frozenset(), ("ouVillage01",), ()),
            throttle=Throttle(limits, patience, sleep=sleep),
            clock=now,
            dictionaries=EVERY_CELL,
            assigned=pl.DataFrame({"data_set": [DATA_SET] * len(sites), "org_unit": sites}),
        )
