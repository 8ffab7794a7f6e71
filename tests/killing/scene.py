"""A night that has something of everything, its end, and the way on after a kill."""

from pathlib import Path
from typing import Any, NamedTuple

import polars as pl

from pipeline.ledger import journal
from pipeline.run.folder import RunFolder, find_run
from pipeline.store.database import open_database
from pipeline.store.transfer import Store
from sandbox.state.world import World
from tests.killing.nursery import Nursery
from tests.support.deployments import NAME, Post, Scene, replayed
from tests.support.terminal import credentials, tally
from tests.support.village import DATA_SET, tracker, typed, village

SECOND = "dsSecond001"
KILLED = -9
FIRST_NIGHT = """
    month  | clinic | what     | number
    202609 | a      | cases    | 5
    202609 | b      | girls    | 2
    202609 | c      | enrolled | 7
    202610 | a      | cases    | 6
    202610 | b      | boys     | 3
    202610 | c      | enrolled | 4
"""
SECOND_NIGHT = """
    month  | clinic | what     | number
    202609 | a      | cases    | 8
    202609 | c      | enrolled | 0
    202610 | a      | cases    | 6
    202610 | a      | girls    | 1
    202610 | b      | boys     | 9
    202610 | b      | enrolled | 2
"""
TYPED = """
    month  | clinic | what     | number
    202610 | b      | boys     | 5
"""
MOMENTS = ("run_id", "loaded_by_run", "started_at", "planned_at", "loaded_at", "happened_at")


class End(NamedTuple):
    """What can be seen after a night: the target, the ledger, the outcomes, the publication."""

    target: list[tuple[Any, ...]]
    ledger: list[tuple[Any, ...]]
    outcomes: list[tuple[Any, ...]]
    published: dict[str, list[str]]
    posts: int


def set_up(folder: Path, generation: str) -> Scene:
    """Let a first night pass, then let tracker and people change their numbers."""
    with village(folder / "first", generation) as post:
        post.configure(source={"url": ""}, target={"url": "", "data_sets": [DATA_SET, SECOND]})
        _divide(post.world)
        tracker(post, FIRST_NIGHT)
        told = tally(post, "run", NAME, "--load", DHIS2_URL=post.sandbox.url)
        assert told.code == 0, told.everything
        tracker(post, SECOND_NIGHT)
        typed(post, TYPED, comment='she said "five", not three')
        return Scene(generation, post.deployment.root, post.world)


def _divide(world: World) -> None:
    """Give one element to a second form, so that a load has two chunks."""
    forms = world.metadata["dataSets"]
    elements = forms[0]["dataSetElements"]
    second = [one for one in elements if one["dataElement"]["id"] == "deEnrolled1"]
    forms[0]["dataSetElements"] = [one for one in elements if one not in second]
    forms.append(forms[0] | {"id": SECOND, "name": "Second report", "dataSetElements": second})


def places(scene: Scene, folder: Path, nursery: Nursery) -> tuple[list[str], End]:
    """List the places that an undisturbed night reaches, in their order, and tell its end."""
    trace = folder / "places"
    with replayed(scene, folder / "clean") as post:
        code = nursery.run(
            *("run", NAME, "--load"),
            output=folder / "said",
            **credentials(post),
            DHIS2_URL=post.sandbox.url,
            TALLY_TESTING="1",
            TALLY_FAILPOINT_TRACE=str(trace),
        )
        assert code == 0, (folder / "said").read_text()
        return trace.read_text().splitlines(), end_of(post)


def killed_at(scene: Scene, folder: Path, nursery: Nursery, place: str) -> End:
    """Kill the second night at a place, go on as an operator would, and tell how it ends."""
    with replayed(scene, folder) as post:
        code = nursery.run(
            *("run", NAME, "--load"),
            output=folder / "said",
            **credentials(post),
            DHIS2_URL=post.sandbox.url,
            TALLY_TESTING="1",
            TALLY_FAILPOINT=place,
        )
        assert code == KILLED, f"{place}: {code}\n{(folder / 'said').read_text()}"
        go_on(post)
        return end_of(post)


def go_on(post: Post) -> None:
    """Give the commands that are still missing, one by one."""
    for command in _missing(find_run(post.deployment, NAME, None)):
        told = tally(post, *command, DHIS2_URL=post.sandbox.url)
        assert told.code == 0, f"{command}: {told.everything}"


def _missing(run: RunFolder) -> list[list[str]]:
    load = ["load", NAME, *(["--resume"] if journal.begun(run) else [])]
    commands = {
        "extract.json": ["extract", NAME],
        "transform.json": ["transform", NAME],
        "plan.json": ["plan", NAME],
        "load.json": load,
    }
    done = [paper for paper in commands if (run.path / paper).exists()]
    left = list(commands.values())[len(done) :]
    return [*left, ["report", NAME], ["publish", NAME]]


def end_of(post: Post) -> End:
    """Tell what can be seen, without moments and the names of runs."""
    run = find_run(post.deployment, NAME, None)
    store = Store(post.deployment.store(NAME))
    assert store.check() == []
    target = [
        (*key, one.value, one.stored_by, one.comment, one.deleted)
        for key, one in post.world.values.items()
    ]
    return End(
        sorted(target, key=str),
        store.ledger(post.world.system_id).select("cell", "value").rows(),
        pl.read_parquet(run.path / "load.parquet").rows(),
        published(post.deployment.published(NAME) / "latest.duckdb"),
        post.posts,
    )


def published(file: Path) -> dict[str, list[str]]:
    """Read every view of a publication, its rows sorted."""
    with open_database(file, read_only=True) as database:
        views = database.execute(
            "select schema_name || '.' || view_name from duckdb_views() where not internal"
        ).fetchall()
        told = {}
        for (view,) in views:
            frame = database.sql(f"from {view}").pl()  # names of our own views
            told[view] = sorted(map(str, frame.drop(MOMENTS, strict=False).rows()))
    return told
