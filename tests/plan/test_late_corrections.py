"""What tracker changed after a period closed is kept, from the run that saw it first to its end."""

import csv
from pathlib import Path

import polars as pl
import pytest

from pipeline.cli.steps import publish_step
from pipeline.store.database import open_database
from tests.support.deployments import Night, Post
from tests.support.village import CLINICS, DATA_SET, LETTERS, tracker, village

GENERATIONS = pytest.mark.parametrize("generation", ["2.42", "2.43"])
COUNTS = """
    month  | clinic | what  | number
    202608 | a      | cases | 1
    202608 | b      | cases | 2
    202610 | a      | cases | 3
"""
HEADER = "month | clinic | what | number"


def close_august(post: Post) -> None:
    post.world.metadata["dataSets"][0]["expiryDays"] = 60.0


def listed(night: Night) -> list[tuple[str, str, str, str, str]]:
    """Give clinic, tracker's number, the target's, what was wanted, and the first run's number."""
    path = night.work.run.path / "late_corrections.csv"
    if not path.exists():
        return []
    runs = sorted(folder.name for folder in night.work.run.path.parent.iterdir())
    with path.open(newline="") as file:
        return [
            (
                LETTERS[row["org_unit"]],
                row["tracker_value"],
                row["current_value"],
                row["wanted_action"],
                str(runs.index(row["first_run"])),
            )
            for row in csv.DictReader(file)
        ]


@GENERATIONS
def test_a_late_correction_is_known_by_the_run_that_saw_it_first_until_it_is_written(
    tmp_path: Path, generation: str
) -> None:
    with village(tmp_path, generation) as post:
        tracker(post, COUNTS)
        first = post.night()
        close_august(post)
        tracker(post, COUNTS.replace("| 1\n", "| 11\n"))
        second = post.night()
        tracker(
            post, COUNTS.replace("| 1\n", "| 12\n").replace("    202608 | b      | cases | 2\n", "")
        )
        third = post.night()
        post.world.lock_exceptions.add((DATA_SET, "202608", CLINICS["a"]))
        fourth = post.night()
        fifth = post.night()

        assert listed(first) == []
        assert listed(second) == [("a", "11", "1", "update", "1")]
        assert listed(third) == [("a", "12", "1", "update", "1"), ("b", "", "2", "retract", "2")]
        assert ("b", "", "2", "retract", "2") in listed(fourth)
        assert listed(fifth) == [("b", "", "2", "retract", "2")]
        text = (third.work.run.path / "plan.md").read_text()
        assert "## Changed in tracker after the period closed" in text
        assert "2 late corrections" in text
        assert "1 of them since the last run" in text


def test_what_tracker_takes_back_is_late_no_more(tmp_path: Path) -> None:
    with village(tmp_path) as post:
        tracker(post, COUNTS)
        post.night()
        close_august(post)
        tracker(post, COUNTS.replace("| 1\n", "| 11\n"))
        assert listed(post.night()) == [("a", "11", "1", "update", "1")]
        tracker(post, COUNTS)

        assert listed(post.night()) == []


def test_a_plan_that_is_made_again_sees_the_same(tmp_path: Path) -> None:
    with village(tmp_path) as post:
        tracker(post, COUNTS)
        post.night()
        close_august(post)
        tracker(post, COUNTS.replace("| 1\n", "| 11\n"))
        work, _ = post.plan()
        before = (work.run.path / "late_corrections.csv").read_text()
        post.plan(work)

        store = work.store.late_corrections(post.world.system_id)
        assert store["first_run"].to_list() == [work.run.run_id]
        told = pl.read_csv((work.run.path / "late_corrections.csv").read_bytes())
        again = pl.read_csv(before.encode())
        assert told.drop("first_seen_at").equals(again.drop("first_seen_at"))


def test_a_run_that_did_not_ask_resolves_nothing(tmp_path: Path) -> None:
    with village(tmp_path) as post:
        tracker(post, COUNTS)
        post.night()
        close_august(post)
        tracker(post, COUNTS.replace("| 1\n", "| 11\n"))
        post.night()
        post.configure(periods={"explicit": ["202610"]}, guards={"min_extract_share": 0})

        assert listed(post.night()) == [("a", "11", "1", "update", "1")]


def test_analysts_see_late_corrections_with_names(tmp_path: Path) -> None:
    with village(tmp_path) as post:
        tracker(post, COUNTS)
        post.night()
        close_august(post)
        tracker(post, COUNTS.replace("| 1\n", "| 11\n"))
        night = post.night()
        file = publish_step(night.work).file

        with open_database(Path(str(file)), read_only=True) as database:
            rows = database.execute(
                "select org_unit_name, period, tracker_value, current_value, resolved_by_run "
                "from late_corrections"
            ).fetchall()
        assert rows == [(CLINICS["a"], "202608", 11.0, "1", None)]
