"""Ask the source what it counts, keep every answer, and leave nothing half-asked."""

import time
from functools import partial

from pipeline.dhis2.analytics import (
    Clock,
    Response,
    ask_all_alone,
    ask_together,
    row_limit,
    utc_now,
)
from pipeline.dhis2.http.client import Client
from pipeline.dhis2.in_order import in_order
from pipeline.dhis2.source_metadata import read_source
from pipeline.dhis2.system import read_account, read_system
from pipeline.dhis2.target_metadata import read_target
from pipeline.extract.freshness import Sleep, insist_on_fresh
from pipeline.extract.rules.narrowing import EVERYTHING, Only, narrowed
from pipeline.extract.rules.questions import Question
from pipeline.extract.rules.scope import Scope, choose_scope
from pipeline.probes.failpoints import reach
from pipeline.run.folder import RunFolder
from pipeline.run.metadata import TargetFrames, keep_frame
from pipeline.run.progress import Steps
from pipeline.run.records import Extract, write_record
from pipeline.run.responses import forget_responses, keep_all
from pipeline.run.work import Work
from pipeline.tables import read_mapping
from pipeline.text.errors import ServerError


def extract(
    work: Work,
    source: Client,
    target: Client,
    steps: Steps,
    only: Only = EVERYTHING,
    *,
    clock: Clock = utc_now,
    sleep: Sleep = time.sleep,
) -> Extract:
    """Leave responses, provenance, metadata and extract.json in the run's folder.

    `only` limits the run to some org units and periods.

    Raises the letter of the first question that could not be answered; extract.json is then
    not there, and no later stage begins.
    """
    settings, run = work.settings, work.run
    started_at = clock()
    forget_responses(run)
    reach("extract.begun")
    tables = read_mapping(work.deployment.mappings(work.name))
    with work.stopwatch.measuring("patience"):
        info = insist_on_fresh(source, settings.source, sleep)
    target_info = read_system(target)
    metadata = read_source(source, settings.source, settings.org_units.groups)
    forms = TargetFrames.keep(run, read_target(target, settings.target.data_sets))
    keep_frame(run, "program_indicators", metadata.program_indicators)
    keep_frame(run, "source_org_units", metadata.org_units)
    whole = choose_scope(settings, tables, metadata, forms, info)
    scope = narrowed(whole, only, settings.periods, info)
    questions = scope.questions(row_limit(source), settings.source.filters)
    seen, unknown = _ask_together(run, source, questions, steps, clock)
    doubtful = [one for one in scope.indicators if one not in seen and one not in unknown]
    silent, broken = _ask_alone(work, source, scope, doubtful, steps, clock=clock)
    record = Extract(
        run_id=run.run_id,
        started_at=started_at,
        periods=scope.periods,
        period_type=settings.periods.type,
        org_units=scope.org_units["id"].to_list(),
        levels=dict(scope.org_units.select("id", "level").rows()),
        categories=scope.categories,
        unknown_indicators=_insist_on_some(unknown | broken, scope),
        silent_indicators=silent,
        source_system_id=info.system_id,
        source_version=info.version,
        target_system_id=target_info.system_id,
        target_version=target_info.version,
        source_account=read_account(source).username,
        target_account=read_account(target).username,
        analytics_built=str(info.last_analytics or "never"),
        filters=list(settings.source.filters),
        only_org_units=list(only.org_units),
        only_periods=list(only.periods),
    )
    reach("extract.answered")
    write_record(run, record)
    return record


def _ask_together(
    run: RunFolder, source: Client, questions: list[Question], steps: Steps, clock: Clock
) -> tuple[set[str], dict[str, ServerError]]:
    """Ask everything; give the indicators that had any row, and those that cannot be run."""
    seen: set[str] = set()
    unknown: dict[str, ServerError] = {}
    steps.begin(len(questions))
    for told in in_order(partial(ask_together, source, clock=clock), questions):
        keep_all(run, told.responses, "joint")
        unknown |= told.unknown
        for response in told.responses:
            seen |= set(response.rows["program_indicator"].unique())
        steps.step(_rows(told.responses))
    return seen, unknown


def _ask_alone(
    work: Work, source: Client, scope: Scope, doubtful: list[str], steps: Steps, *, clock: Clock
) -> tuple[list[str], dict[str, ServerError]]:
    """Ask indicators again, each by itself; give those that are silent, and those that cannot run.

    A server leaves an indicator that it cannot run out of a joint answer, without a word.
    """
    silent: list[str] = []
    broken: dict[str, ServerError] = {}
    scopes = [scope.of_one(indicator) for indicator in doubtful]
    filters = work.settings.source.filters
    answers = in_order(
        lambda one: ask_all_alone(source, one.questions(row_limit=0, filters=filters), clock),
        scopes,
    )
    for indicator, told in zip(doubtful, answers, strict=True):
        if isinstance(told, ServerError):
            broken[indicator] = told
            continue
        keep_all(work.run, told, "alone")
        if not _rows(told):
            silent.append(indicator)
        steps.step(_rows(told))
    return silent, broken


def _rows(responses: list[Response]) -> int:
    return sum(response.rows.height for response in responses)


def _insist_on_some(unknown: dict[str, ServerError], scope: Scope) -> dict[str, str]:
    """Give the sentence for each indicator that cannot be run; not all of them may be so."""
    if set(unknown) != set(scope.indicators):
        return {indicator: unknown[indicator].what for indicator in sorted(unknown)}
    letter = next(iter(unknown.values()))
    raise ServerError(
        f"the server can run none of the program indicators: {letter.what}",
        where=letter.where,
        remedy="build the analytics tables on the server again; its log says what fails",
        status=letter.status,
        code=letter.code,
    )
