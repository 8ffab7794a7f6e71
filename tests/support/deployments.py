"""A deployment in a folder, a pretend server, and the whole way of a value in a few calls."""

import copy
import json
import shutil
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

import polars as pl

from pipeline.cells.key import KEY
from pipeline.config.reading import read_transfer
from pipeline.dhis2.access.connections import Connection
from pipeline.dhis2.access.credentials import Credentials
from pipeline.dhis2.http.client import Client
from pipeline.extract.stage import extract
from pipeline.files.deployment import Deployment
from pipeline.ledger.chunks import outcomes_of
from pipeline.load.stage import load
from pipeline.plan.stage import plan
from pipeline.report.plan import PlanSummary
from pipeline.run.folder import find_run, new_run
from pipeline.run.progress import Silence
from pipeline.run.records import Extract, LoadRecord, TransformRecord
from pipeline.run.work import Work
from pipeline.tables import ORG_UNIT_COLUMNS
from pipeline.transform.stage import transform
from sandbox.http.server import Sandbox, running
from sandbox.state.world import ValueKey, World
from tests.support.plans import whole_plan

NAME = "fever"
PASSWORD = "district"
SOURCES = (
    *("program_indicator", "category_options"),
    *("data_element", "category_option_combo", "attribute_option_combo"),
)
Sections = Mapping[str, Mapping[str, Any]]


def now() -> datetime:
    return datetime.now(tz=UTC)


class Night(NamedTuple):
    """One run from the first question to the last cell read back."""

    work: Work
    extract: Extract
    transformed: TransformRecord
    plan: PlanSummary
    loaded: LoadRecord

    @property
    def actions(self) -> dict[str, int]:
        return dict(self.plan.actions.rows())


@dataclass
class Post:
    """A transfer at its desk: its folder, the server on both sides, and an account there."""

    deployment: Deployment
    sandbox: Sandbox
    client: Client
    sections: dict[str, dict[str, Any]] = field(default_factory=dict)

    @property
    def world(self) -> World:
        return self.sandbox.world

    def configure(self, **sections: Mapping[str, Any]) -> None:
        """Write transfer.toml; what was configured before stands unless named again."""
        for name, keys in sections.items():
            self.sections.setdefault(name, {}).update(keys)
        lines = []
        for name, keys in self.sections.items():
            lines += [f"[{name}]", *(f"{key} = {json.dumps(keys[key])}" for key in keys)]
        path = self.deployment.configuration(NAME)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("\n".join(lines) + "\n")

    def map(self, rows: Iterable[Iterable[str]], columns: Iterable[str] = SOURCES) -> None:
        """Write the mapping of program indicators."""
        self._write("data_elements", columns, rows)

    def move(self, org_units: Mapping[str, str]) -> None:
        """Write the mapping of org units."""
        self._write("org_units", ORG_UNIT_COLUMNS[:2], org_units.items())

    def _write(self, name: str, columns: Iterable[str], rows: Iterable[Iterable[str]]) -> None:
        path = self.deployment.mappings(NAME) / f"{name}.csv"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("\n".join(",".join(row) for row in (columns, *rows)) + "\n")

    def begin(self) -> Work:
        """Begin a run with what is configured now."""
        settings = read_transfer(self.deployment.configuration(NAME))
        return Work(self.deployment, NAME, settings, new_run(self.deployment, NAME, now()))

    def again(self, work: Work) -> Work:
        """Take up a run with what is configured now."""
        settings = read_transfer(self.deployment.configuration(NAME))
        return Work(self.deployment, NAME, settings, work.run)

    def newest(self) -> Work:
        """Take up the run that was begun last."""
        settings = read_transfer(self.deployment.configuration(NAME))
        return Work(self.deployment, NAME, settings, find_run(self.deployment, NAME, None))

    def extract(self, work: Work | None = None) -> tuple[Work, Extract]:
        work = work or self.begin()
        return work, extract(work, self.client, self.client, Silence())

    def transform(self) -> tuple[Work, TransformRecord]:
        work, _ = self.extract()
        return work, transform(work)

    def plan(
        self, work: Work | None = None, *, retire: bool = False, **allowed: str
    ) -> tuple[Work, PlanSummary]:
        """Plan a run: a new one, or one that was transformed."""
        work = work or self.transform()[0]
        return work, plan(work, self.client, self.client, now(), allowed, retire=retire)

    def load(self, work: Work, *, resume: bool = False, **allowed: str) -> LoadRecord:
        return load(work, self.client, Silence(), allowed, resume=resume)

    def night(self, *, retire: bool = False, **allowed: str) -> Night:
        """Do everything once."""
        work, told = self.extract()
        transformed = transform(work)
        _, summary = self.plan(work, retire=retire, **allowed)
        return Night(work, told, transformed, summary, self.load(work, **allowed))

    @property
    def posts(self) -> int:
        """Count the writing requests so far."""
        return self.sandbox.posts("/api/dataValueSets")


@contextmanager
def deployed(folder: Path, world: World, generation: str, user: str) -> Iterator[Post]:
    """Serve a world and open a deployment beside it."""
    with running(world, generation) as sandbox:
        connection = Connection(sandbox.url, Credentials(user, PASSWORD))
        with Client(connection) as client:
            post = Post(Deployment(folder), sandbox, client)
            post.sections = {"source": {"url": sandbox.url}, "target": {"url": sandbox.url}}
            yield post


@dataclass(frozen=True)
class Scene:
    """A deployment as it lies in its folder, and the world beside it: what a night begins with."""

    generation: str
    folder: Path
    world: World


@contextmanager
def replayed(scene: Scene, folder: Path) -> Iterator[Post]:
    """Begin from a scene once more, in a copy of the world and of the folder."""
    shutil.copytree(scene.folder, folder, symlinks=True)
    with (
        running(copy.deepcopy(scene.world), scene.generation) as sandbox,
        Client(Connection(sandbox.url, Credentials("tally", PASSWORD))) as client,
    ):
        deployment = Deployment(folder)
        written = deployment.configuration(NAME).read_text()
        yield Post(deployment, sandbox, client, tomllib.loads(written))


def standing(world: World) -> dict[ValueKey, str]:
    """Give what a target holds: the text of every cell that is not deleted."""
    return {key: str(one.value) for key, one in world.values.items() if not one.deleted}


def outcomes(work: Work) -> pl.DataFrame:
    """Give what became of each planned cell, also of those that simply arrived."""
    return outcomes_of(work.run).sort(KEY)


def planned(work: Work) -> pl.DataFrame:
    """Give one row per cell of the plan, also of those that have no row of their own there."""
    return whole_plan(work.run.path)
