"""What is old goes when somebody says so; what the next night needs never does."""

import json
import shutil
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from pipeline.files.deployment import Deployment
from pipeline.files.lines import append_line
from pipeline.ledger import journal
from pipeline.run.folder import RUN_ID_FORMAT
from pipeline.store.publications import EXPORTED, OF_ALL_THAT_IS_KNOWN
from pipeline.store.transfer import Store
from tests.support.deployments import NAME, Post
from tests.support.terminal import Said, run, tally
from tests.support.village import form, lines, tracker, village

COUNTS = """
    month  | clinic | what  | number
    202609 | a      | cases | 5
    202610 | b      | girls | 2
"""
LATER = """
    month  | clinic | what  | number
    202609 | a      | cases | 6
"""

BY_COMMAND = {"newest_runs": 1, "responses": "10d", "runs": "400d", "after_each_run": False}


@pytest.fixture(scope="module")
def years(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Post]:
    """Give a transfer of four runs that began long ago: two were loaded, two only planned."""
    with village(tmp_path_factory.mktemp("home")) as opened:
        opened.configure(keep=BY_COMMAND)
        opened.configure(guards={"max_retraction_share": 1, "max_site_retraction_share": 1})
        tracker(opened, COUNTS)
        assert run(opened).code == 0
        assert run(opened).code == 0
        tracker(opened, LATER)
        assert tally(opened, "run", NAME).code == 0
        assert tally(opened, "run", NAME).code == 0
        for folder, days in zip(folders(opened), (900, 600, 500), strict=False):
            age(folder, days)
        yield opened


@pytest.fixture
def post(years: Post, tmp_path: Path) -> Post:
    """Give such a transfer for one test: its own folder, the same server."""
    shutil.copytree(years.deployment.root, tmp_path / "home", symlinks=True)
    return replace(
        years, deployment=Deployment(tmp_path / "home"), sections=deepcopy(years.sections)
    )


def folders(post: Post) -> list[Path]:
    return sorted(post.deployment.runs(NAME).iterdir())


def age(folder: Path, days: int) -> None:
    """Let a run have begun so many days ago, on the disk."""
    began = datetime.now(tz=UTC) - timedelta(days=days)
    folder.rename(folder.with_name(began.strftime(RUN_ID_FORMAT)))


def prune(post: Post, *options: str) -> list[tuple[str, str]]:
    told: dict[str, Any] = json.loads(tally(post, "prune", NAME, "--json", *options).out)
    assert all(item["bytes"] > 0 for item in told["items"])
    return [(item["what"], item["run"]) for item in told["items"]]


def everything(post: Post) -> dict[Path, bytes]:
    root = post.deployment.root
    return {path: path.read_bytes() for path in root.rglob("*") if path.is_file()}


def test_a_dry_run_only_lists(post: Post) -> None:
    oldest, loaded, third, _ = (folder.name for folder in folders(post))
    before = everything(post)

    assert prune(post, "--dry-run") == [
        ("run", oldest),
        ("run", third),
        ("responses", loaded),
    ]
    assert everything(post).keys() - before.keys() <= {post.deployment.store(NAME)}
    said = tally(post, "prune", NAME, "--dry-run")
    assert "nothing was touched; would be taken away: 3 things with 0.1 MB" in said.err


def test_the_next_night_is_the_same_as_if_nothing_had_gone(post: Post) -> None:
    _, loaded, _, newest = folders(post)
    ledger = Store(post.deployment.store(NAME)).ledger_events()

    prune(post)

    assert folders(post) == [loaded, newest]
    assert (loaded / "plan.parquet").exists()
    assert not (loaded / "responses").exists()
    assert Store(post.deployment.store(NAME)).ledger_events().equals(ledger)
    assert prune(post) == []
    assert tally(post, "load", NAME).code == 0
    assert form(post) == lines(LATER)


def test_a_load_that_was_interrupted_keeps_its_run(post: Post) -> None:
    third = folders(post)[2]
    append_line(third / "chunks" / journal.JOURNAL, {"chunk": 1, "state": "planned"})
    shutil.copy(third / "plan.parquet", third / "chunks" / "0001.parquet")

    prune(post)

    assert third in folders(post)


def test_a_load_that_no_publication_tells_of_keeps_its_run(post: Post) -> None:
    oldest = folders(post)[0]
    for file in post.deployment.published(NAME).glob("tally-*.duckdb"):
        file.unlink()

    assert ("run", oldest.name) not in prune(post)
    assert oldest in folders(post)


def test_published_runs_are_kept_by_number(post: Post) -> None:
    published = post.deployment.published(NAME)
    files = sorted(path.name for path in published.glob("tally-*.duckdb"))
    post.configure(keep={"publications": 1, "newest_runs": 9})

    gone = prune(post)

    assert [what for what, _ in gone] == ["publication"]
    assert [path.name for path in published.glob("tally-*.duckdb")] == files[-1:]
    for name in EXPORTED:
        kept = 1 if name in OF_ALL_THAT_IS_KNOWN else len(files)
        assert len([*published.glob(f"parquet/{name}/run_id=*")]) == kept
    assert tally(post, "sql", NAME, "from latest_run").code == 0


def test_what_an_interrupted_prune_left_is_swept(post: Post) -> None:
    waste = post.deployment.runs(NAME).parent / f".pruned-{NAME}"
    (waste / "half a run").mkdir(parents=True)
    post.configure(keep={"newest_runs": 9})

    assert prune(post) == []

    assert not waste.exists()


def test_two_runs_can_be_compared_after_their_papers_are_gone(post: Post) -> None:
    known = json.loads(tally(post, "runs", NAME, "--json").out)
    later, earlier = known[0]["run_id"], known[-1]["run_id"]

    def compared() -> Said:
        return tally(post, "changes", NAME, earlier, later, "--json")

    before = compared()
    prune(post)

    assert before.code == 0
    assert compared().out == before.out
    assert tally(post, "changes", NAME, "20200101T000000Z", later).code == 2


@pytest.mark.parametrize("by_itself", [True, False])
def test_the_end_of_a_published_run_takes_away_what_is_beyond_if_the_settings_say_so(
    post: Post, *, by_itself: bool
) -> None:
    oldest, loaded, third, newest = folders(post)
    post.configure(keep={"publications": 1, "after_each_run": by_itself})
    files = [*post.deployment.published(NAME).glob("tally-*.duckdb")]

    assert run(post).code == 0

    gone = {folder for folder in (oldest, loaded, third) if not folder.exists()}
    assert gone == ({oldest, loaded, third} if by_itself else set())
    assert newest.exists()
    left = [*post.deployment.published(NAME).glob("tally-*.duckdb")]
    assert len(left) == (1 if by_itself else len(files) + 1)
