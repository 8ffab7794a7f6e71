"""Write what a run did, and where tracker and the manual reports disagree."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import polars as pl

from pipeline.compare.comparison import compare_run
from pipeline.compare.context import CompareContext
from pipeline.compare.manual.kept import KeptManual, read_kept_manual
from pipeline.compare.manual.reading import fetch_manual
from pipeline.compare.rules.overview import Overview
from pipeline.dhis2.http.client import Client
from pipeline.files.whole import write_bytes
from pipeline.ledger.passed_guards import guards_passed
from pipeline.probes.failpoints import reach
from pipeline.report.comparison import (
    NO_COMPARISON,
    comparison_as_markdown,
    refusal_as_markdown,
)
from pipeline.report.naming import named
from pipeline.report.run import files_as_markdown, run_as_markdown, unloaded_run_as_markdown
from pipeline.run.metadata import indicator_names, source_names
from pipeline.run.records import LoadRecord, has_record, read_record
from pipeline.run.remainders import read_remainders
from pipeline.run.work import Work
from pipeline.text.errors import RefusedError, TallyError


@dataclass(frozen=True)
class Report:
    """What was written: run.md, the comparison if there is one, or the letter why there is none."""

    text: str
    overview: Overview | None = None
    letter: TallyError | None = None


def wants_target(work: Work, *, again: bool = False) -> bool:
    """Whether a report has to ask the target: its manual numbers stand there, still unread."""
    return _wants_target(CompareContext(work), again=again)


def _wants_target(context: CompareContext, *, again: bool) -> bool:
    if context.undoes or not context.work.settings.compare.data_set:
        return False
    return again or read_kept_manual(context) is None


def report(
    work: Work,
    target: Client | None,
    *,
    again: bool = False,
    clock: Callable[[], datetime] = lambda: datetime.now(tz=UTC),
) -> Report:
    """Leave run.md and, where there are manual numbers, discrepancies.html, .xlsx and .csv.

    A run that undoes another is not compared. Manual numbers are read once; after that a report
    needs only the run's folder, and gives the same bytes. Of a comparison that cannot be made the
    letter is in `letter`, and run.md stands all the same. `again` reads the manual numbers anew;
    when that fails, everything stays as it was.
    """
    context = CompareContext(work)
    if context.undoes:
        return Report(_write_run_md(context))
    if again:
        _insist_on_newest(work)
    try:
        manual = _manual(context, target, clock, again=again)
        overview = compare_run(context, manual) if manual else None
    except TallyError as letter:
        if again:
            raise
        return Report(_write_run_md(context, refusal_as_markdown(letter)), letter=letter)
    if overview is None:
        return Report(_write_run_md(context, NO_COMPARISON))
    _write_comparison(work.run.path, overview)
    return Report(_write_run_md(context, comparison_as_markdown(overview)), overview)


def _insist_on_newest(work: Work) -> None:
    newest = work.store.latest_run()
    if newest is None or newest.run_id != work.run.run_id:
        raise RefusedError(
            f"run {work.run.run_id} is not the newest; paper of today says nothing about it",
            remedy=f"begin a new run with `tally run {work.name}`",
        )


def _manual(
    context: CompareContext,
    target: Client | None,
    clock: Callable[[], datetime],
    *,
    again: bool,
) -> KeptManual | None:
    """The manual side, as it was kept or read now; None where the transfer wants none."""
    kept = None if again else read_kept_manual(context)
    if kept is None and context.work.settings.compare.is_wanted:
        asked = target if _wants_target(context, again=again) else None
        return fetch_manual(context, asked, clock)
    return kept


def _write_comparison(folder: Path, overview: Overview) -> None:
    """Leave discrepancies.csv, .html and .xlsx; their tools are not loaded before."""
    from pipeline.report.discrepancies.book import discrepancies_as_xlsx  # noqa: PLC0415  # late
    from pipeline.report.discrepancies.csv import discrepancies_as_csv  # noqa: PLC0415  # late
    from pipeline.report.discrepancies.page import discrepancies_as_html  # noqa: PLC0415  # late

    write_bytes(folder / "discrepancies.csv", discrepancies_as_csv(overview).encode())
    write_bytes(folder / "discrepancies.html", discrepancies_as_html(overview).encode())
    write_bytes(folder / "discrepancies.xlsx", discrepancies_as_xlsx(overview))


def _write_run_md(context: CompareContext, *comparison: str) -> str:
    """Write run.md: what the run did, the comparison, and the files of its folder."""
    run = context.work.run
    files = files_as_markdown({path.name for path in run.path.iterdir()})
    text = "\n".join([_run_as_markdown(context), *comparison, files])
    reach("report.rendered")
    write_bytes(run.path / "run.md", text.encode())
    return text


def _run_as_markdown(context: CompareContext) -> str:
    run, transformed = context.work.run, context.transformed.as_record()
    if not has_record(run, LoadRecord):
        return unloaded_run_as_markdown(run.run_id, transformed)
    return run_as_markdown(
        run.run_id,
        transformed=transformed,
        loaded=read_record(run, LoadRecord).as_record(),
        outcomes=pl.read_parquet(run.require("load.parquet", "load")),
        plan=pl.read_parquet(run.require("plan.parquet", "plan")),
        rejects=pl.read_parquet(run.require("rejects.parquet", "transform")),
        names={**context.target.display_names, "program_indicator": indicator_names(run)},
        passed=guards_passed(run),
        remainders=named(read_remainders(run), source_names(run)),
    )
