"""Pruning takes away what is old and needed by nobody, whole, and nothing else."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from pipeline.config.sections import Keep
from pipeline.files.deployment import Deployment
from pipeline.store.publications import partition
from pipeline.upkeep.prune import Prunable, find_prunable, prune

NAME = "fever"
NOW = datetime(2026, 11, 27, tzinfo=UTC)
KEEP = Keep(newest_runs=1, responses=timedelta(days=10), runs=timedelta(days=100), publications=1)


@pytest.fixture
def home(tmp_path: Path) -> Deployment:
    return Deployment(tmp_path)


def run(home: Deployment, run_id: str, *files: str) -> Path:
    """A run of a transfer; each file holds a hundred bytes."""
    folder = home.runs(NAME) / run_id
    for name in ("extract.json", *files):
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b" " * 100)
    return folder


def published(home: Deployment, run_id: str) -> Path:
    path = home.published(NAME) / f"tally-{run_id}.duckdb"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b" " * 100)
    return path


def found(home: Deployment) -> list[tuple[str, str, int]]:
    items = find_prunable(home, NAME, KEEP, NOW)
    return [(one.what, one.run_id, one.size) for one in items]


OLD, OLDER, NEW = "20261001T020000Z", "20260101T020000Z", "20261126T020000Z"


def test_responses_go_before_the_whole_run_does(home: Deployment) -> None:
    run(home, OLDER, "responses/0001.csv.gz")
    run(home, OLD, "responses/0001.csv.gz")
    run(home, NEW, "responses/0001.csv.gz")

    assert found(home) == [("run", OLDER, 200), ("responses", OLD, 100)]


def test_the_run_that_was_loaded_last_stays_but_its_responses_do_not(home: Deployment) -> None:
    run(home, OLDER, "load.json", "responses/0001.csv.gz")
    run(home, NEW)

    assert found(home) == [("responses", OLDER, 100)]


@pytest.mark.parametrize(("published_run", "expected"), [(OLDER, []), (OLD, [("run", OLD, 200)])])
def test_what_was_sent_and_not_published_is_owed(
    home: Deployment, published_run: str, expected: list[tuple[str, str, int]]
) -> None:
    run(home, OLD, "chunks/0001.json")
    run(home, NEW)
    published(home, published_run)
    keep = KEEP.model_copy(update={"runs": timedelta(days=20)})

    items = find_prunable(home, NAME, keep, NOW)

    assert [(one.what, one.run_id, one.size) for one in items] == expected


def test_the_values_of_a_run_go_with_the_answers_they_were_made_of(home: Deployment) -> None:
    run(home, OLD, "responses/0001.csv.gz", "values.parquet", "plan.parquet")
    run(home, NEW, "values.parquet")

    assert found(home) == [("responses", OLD, 200)]


def test_what_a_run_changed_stays_as_parquet_as_long_as_the_run(home: Deployment) -> None:
    for run_id in (OLDER, OLD, NEW):
        run(home, run_id)
        published(home, run_id)
        for view in ("data_values", "plan"):
            file = partition(home.published(NAME), view, run_id) / f"{view}.parquet"
            file.parent.mkdir(parents=True)
            file.write_bytes(b" " * 100)

    assert found(home) == [
        ("run", OLDER, 200),  # the run and its plan
        ("publication", OLDER, 200),  # the file and its values
        ("publication", OLD, 200),
    ]
    prune(home, NAME, find_prunable(home, NAME, KEEP, NOW))
    left = {path.relative_to(home.published(NAME)).as_posix() for path in left_of(home)}
    assert left == {
        f"tally-{NEW}.duckdb",
        f"parquet/data_values/run_id={NEW}/data_values.parquet",
        f"parquet/plan/run_id={NEW}/plan.parquet",
        f"parquet/plan/run_id={OLD}/plan.parquet",
    }


def left_of(home: Deployment) -> list[Path]:
    return [path for path in home.published(NAME).rglob("*") if path.is_file()]


def test_parquet_of_a_run_whose_folder_is_gone_goes_too(home: Deployment) -> None:
    run(home, NEW)
    partition(home.published(NAME), "plan", OLDER).mkdir(parents=True)

    assert found(home) == [("run", OLDER, 0)]


def test_only_the_newest_publications_stay(home: Deployment) -> None:
    published(home, OLDER)
    published(home, NEW)

    assert found(home) == [("publication", OLDER, 100)]


def test_what_is_no_run_is_never_touched(home: Deployment) -> None:
    run(home, "notes of last year")

    assert found(home) == []


def test_a_transfer_without_runs_has_nothing_to_prune(home: Deployment) -> None:
    assert found(home) == []


def test_what_is_pruned_is_gone_whole_and_all_else_stands(home: Deployment) -> None:
    old, new = run(home, OLDER, "responses/0001.csv.gz"), run(home, NEW)
    file, newest = published(home, OLDER), published(home, NEW)

    prune(home, NAME, find_prunable(home, NAME, KEEP, NOW))

    assert not old.exists()
    assert not file.exists()
    assert (new / "extract.json").exists()
    assert newest.exists()
    assert [path.name for path in home.runs(NAME).parent.iterdir()] == [NAME]
    assert found(home) == []


def test_what_an_interrupted_prune_took_away_is_swept(home: Deployment) -> None:
    run(home, NEW)
    waste = home.runs(NAME).parent / f".pruned-{NAME}" / f"{OLDER}-responses"
    waste.mkdir(parents=True)

    prune(home, NAME, list[Prunable]())

    assert not waste.parent.exists()
