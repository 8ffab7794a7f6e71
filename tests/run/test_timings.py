"""Where the time of a run went is told by stage; of a stage that is done again, the last time."""

from pathlib import Path

from pipeline.files.lines import append_line
from pipeline.run.folder import RunFolder
from pipeline.run.timings import TIMINGS, read_timings


def leave(run: RunFolder, stage: str, part: str, requests: int) -> None:
    append_line(run.path / TIMINGS, {"stage": stage, "part": part, "requests": requests})


def test_a_stage_that_was_done_again_counts_once_in_its_first_place(tmp_path: Path) -> None:
    run = RunFolder(tmp_path)
    for stage, part, requests in (
        ("extract", "extract", 9),
        ("load", "load", 1),
        ("load", "confirm", 2),
        ("report", "report", 0),
        ("load", "load", 3),
    ):
        leave(run, stage, part, requests)

    told = [(one["part"], one["requests"]) for one in read_timings(run)]

    assert told == [("extract", 9), ("load", 3), ("report", 0)]


def test_a_run_without_timings_has_none(tmp_path: Path) -> None:
    assert read_timings(RunFolder(tmp_path)) == []
