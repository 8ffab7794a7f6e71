"""What came of a plan or a load, shown on the terminal, and the exit code that it ends with."""

from collections.abc import Mapping, Sequence

import polars as pl

from pipeline.cli import terminal
from pipeline.compare.stage import Report
from pipeline.report.plan import PlanSummary, plan_as_markdown
from pipeline.run.records import LoadRecord
from pipeline.text.errors import ExitCode


def show_plan(summary: PlanSummary, *, as_json: bool) -> ExitCode:
    """Show a plan; one that a guard stopped is refused."""
    if as_json:
        terminal.show_json(summary.as_record())
    else:
        terminal.show_markdown(plan_as_markdown(summary))
    return ExitCode.REFUSED if summary.alarms else ExitCode.DONE


def show_dry_run(summaries: Sequence[Mapping[str, object]], *, as_json: bool) -> ExitCode:
    """Show the import summaries that the server gave, one for each request."""
    if as_json:
        terminal.show_json(summaries)
    elif not summaries:
        terminal.say("the plan writes nothing, so the server was asked nothing")
    else:
        counts = ("status", "http_status", "imported", "updated", "ignored", "deleted")
        rows = [{count: one[count] for count in counts} for one in summaries]
        terminal.show_table(pl.DataFrame(rows), "What the server says it would do")
    sound = all(one["status"] == "SUCCESS" for one in summaries)
    return ExitCode.DONE if sound else ExitCode.PARTLY_LOADED


def show_loaded(loaded: LoadRecord, written: Report, *, as_json: bool) -> ExitCode:
    """Show what a load did; raises the letter of a comparison that failed after a whole load."""
    if as_json:
        terminal.show_json(loaded.as_record())
    elif loaded.already:
        terminal.say(f"run {loaded.run_id} was loaded before; nothing was sent")
    else:
        terminal.show_markdown(written.text)
    if written.letter is not None and loaded.is_whole:
        raise written.letter
    return ExitCode.DONE if loaded.is_complete else ExitCode.PARTLY_LOADED
