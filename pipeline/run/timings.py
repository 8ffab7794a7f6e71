"""Where the time of a run went, stage by stage, kept with the run."""

from typing import Any

from pipeline.files.lines import append_line, read_lines
from pipeline.probes.stopwatch import laid_out
from pipeline.run.folder import RunFolder
from pipeline.run.work import Work

TIMINGS = "timings.jsonl"


def keep_timings(work: Work, stage: str, begin: float) -> None:
    """Add one line for each part of a stage that began at this moment of the stopwatch."""
    for part in laid_out(stage, begin, work.stopwatch.now(), work.stopwatch.spans):
        seconds = {column: round(spent, 3) for column, spent in sorted(part.seconds.items())}
        record = {"stage": stage, "part": part.part, "requests": part.requests, "seconds": seconds}
        append_line(work.run.path / TIMINGS, record)


def read_timings(run: RunFolder) -> list[dict[str, Any]]:
    """One record per part: what it took when its stage was done last, in the run's order."""
    stages: dict[str, dict[str, dict[str, Any]]] = {}
    for record in read_lines(run.path / TIMINGS):
        if record["part"] == record["stage"]:
            stages[record["stage"]] = {}
        stages.setdefault(record["stage"], {})[record["part"]] = record
    return [record for parts in stages.values() for record in parts.values()]
