"""Tell what a run did, and where tracker and paper disagree."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

import polars as pl

from pipeline.compare.comparison import compare_run
from pipeline.compare.manual.kept import Manual, read_manual
from pipeline.compare.manual.reading import take_in_manual
from pipeline.compare.rules.overview import Overview
from pipeline.dhis2.http.client import Client
from pipeline.files.whole import whole_file, write_bytes
from pipeline.ledger.passed_guards import guards_passed
from pipeline.probes.failpoints import reach
from pipeline.report import comparison
from pipeline.report.discrepancies.book import write_book
from pipeline.report.discrepancies.csv import discrepancies_as_csv
from pipeline.report.discrepancies.page import discrepancies_as_html
from pipeline.report.run import not_loaded, run_report, where_it_is
from pipeline.run.metadata import TargetFrames
from pipeline.run.records import LoadRecord, TransformRecord, has_record, read_record
from pipeline.run.work import Work
from pipeline.text.errors import RefusedError, TallyError


@dataclass(frozen=True)
class Report:
    """What was told: run.md, the comparison if there is one, or the letter why there is none."""

    text: str
    overview: Overview | None = None
    letter: TallyError | None = None


def wants_target(work: Work, *, again: bool = False) -> bool:
    """Tell whether a report has to ask the target: its manual numbers stand there, still unread."""
    if _undoes(work) or not work.settings.compare.data_set:
        return False
    return again or read_manual(work.run) is None


def report(
    work: Work,
    target: Client | None,
    *,
    again: bool = False,
    clock: Callable[[], datetime] = lambda: datetime.now(tz=UTC),
) -> Report:
    """Leave run.md and, where there are manual numbers, discrepancies.html, .xlsx and .csv.

    A run that undoes another is not compared. Manual numbers are read once; after that a report
    needs only the run's folder, and gives the same bytes. A comparison that cannot be made is told
    in `letter`, and run.md stands all the same. `again` reads the manual numbers anew; when that
    fails, everything stays as it was.
    """
    if _undoes(work):
        return Report(_run_md(work, []))
    if again:
        _insist_on_newest(work)
    try:
        manual = _manual(work, target, clock, again=again)
        overview = compare_run(work, manual) if manual else None
    except TallyError as letter:
        if again:
            raise
        return Report(_run_md(work, comparison.refused(letter)), letter=letter)
    if overview is None:
        return Report(_run_md(work, comparison.NOTHING))
    write_bytes(work.run.path / "discrepancies.csv", discrepancies_as_csv(overview).encode())
    write_bytes(work.run.path / "discrepancies.html", discrepancies_as_html(overview).encode())
    with whole_file(work.run.path / "discrepancies.xlsx") as path, path.open("wb") as book:
        write_book(overview, book)
    return Report(_run_md(work, comparison.compared(overview)), overview)


def _undoes(work: Work) -> bool:
    """Tell whether the run undoes another: nothing of it is what tracker said."""
    return read_record(work.run, TransformRecord).is_undo


def _insist_on_newest(work: Work) -> None:
    newest = work.store.latest_run()
    if newest is None or newest.run_id != work.run.run_id:
        raise RefusedError(
            f"run {work.run.run_id} is not the newest; paper of today says nothing about it",
            remedy=f"begin a new run with `tally run {work.name}`",
        )


def _manual(
    work: Work, target: Client | None, clock: Callable[[], datetime], *, again: bool
) -> Manual | None:
    kept = None if again else read_manual(work.run)
    if kept is None and work.settings.compare.is_wanted:
        return take_in_manual(work, target if wants_target(work, again=again) else None, clock)
    return kept


def _run_md(work: Work, compared: list[str]) -> str:
    files = {path.name for path in work.run.path.iterdir()}
    text = "\n".join([_told(work), *compared, *where_it_is(files)])
    reach("report.told")
    write_bytes(work.run.path / "run.md", text.encode())
    return text


def _told(work: Work) -> str:
    run = work.run
    transformed = read_record(run, TransformRecord).as_record()
    if not has_record(run, LoadRecord):
        return not_loaded(run.run_id, transformed)
    return run_report(
        run.run_id,
        transformed=transformed,
        loaded=read_record(run, LoadRecord).as_record(),
        outcomes=pl.read_parquet(run.require("load.parquet", "load")),
        plan=pl.read_parquet(run.require("plan.parquet", "plan")),
        rejects=pl.read_parquet(run.require("rejects.parquet", "transform")),
        names=TargetFrames.read(run).display_names,
        passed=guards_passed(run),
    )
