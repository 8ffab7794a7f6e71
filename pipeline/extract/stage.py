"""Ask the source what it counts, keep every answer, and leave nothing half-asked."""

import time
from datetime import datetime

from pipeline.dhis2.analytics import Clock, utc_now
from pipeline.dhis2.http.client import Client
from pipeline.dhis2.system import read_account
from pipeline.extract.asking import ask_each_alone, ask_jointly
from pipeline.extract.context import ExtractContext, read_extract_context
from pipeline.extract.freshness import Sleep
from pipeline.extract.rules.letters import named_letter
from pipeline.extract.rules.narrowing import WHOLE_SCOPE, Only
from pipeline.extract.totals import TotalsAsker, ask_totals
from pipeline.probes.failpoints import reach
from pipeline.run.progress import Steps
from pipeline.run.records import Extract, write_record
from pipeline.run.remainders import keep_remainders
from pipeline.run.responses import forget_responses
from pipeline.run.work import Work
from pipeline.text.errors import IndicatorError, ServerError


def extract(
    work: Work,
    source: Client,
    target: Client,
    steps: Steps,
    only: Only = WHOLE_SCOPE,
    *,
    clock: Clock = utc_now,
    sleep: Sleep = time.sleep,
) -> Extract:
    """Leave responses, provenance, metadata, remainders and extract.json in the run's folder.

    `only` limits the run to some org units and periods.

    Raises the letter of the first question that could not be answered; extract.json is then
    not there, and no later stage begins. A letter about one indicator names it and its program.
    """
    started_at = clock()
    forget_responses(work.run)
    reach("extract.begun")
    context = read_extract_context(work, source, target, only, sleep)
    try:
        joint = ask_jointly(work, source, context.scope, steps, clock)
        asked = joint.counted | {*joint.failed}
        missing = [one for one in context.scope.indicators if one not in asked]
        alone = ask_each_alone(work, source, context.scope, steps, clock, indicators=missing)
        failed = _insist_on_some(joint.failed | alone.failed, context.scope.indicators)
        asker = TotalsAsker(work, source, context.view, clock)
        totals = ask_totals(asker, context.scope, joint.answers + alone.answers, failed)
    except IndicatorError as letter:
        raise named_letter(letter, context.indicators) from letter
    keep_remainders(work.run, totals.remainders)
    failed |= {indicator: totals.failed[indicator].what for indicator in sorted(totals.failed)}
    accounts = context.source_account.username, read_account(target).username
    record = _record(
        work, context, only, started_at, failed=failed, silent=alone.silent, accounts=accounts
    )
    reach("extract.answered")
    write_record(work.run, record)
    return record


def _insist_on_some(failed: dict[str, ServerError], indicators: list[str]) -> dict[str, str]:
    """The sentence for each indicator that cannot be run; not all of them may be so."""
    if set(failed) != set(indicators):
        return {indicator: failed[indicator].what for indicator in sorted(failed)}
    letter = next(iter(failed.values()))
    raise ServerError(
        f"the server can run none of the program indicators: {letter.what}",
        where=letter.where,
        remedy="build the analytics tables on the server again; its log says what fails",
        status=letter.status,
        code=letter.code,
    )


def _record(
    work: Work,
    context: ExtractContext,
    only: Only,
    started_at: datetime,
    *,
    failed: dict[str, str],
    silent: list[str],
    accounts: tuple[str, str],
) -> Extract:
    scope, source, target = context.scope, context.source_info, context.target_info
    return Extract(
        run_id=work.run.run_id,
        started_at=started_at,
        periods=scope.periods,
        period_type=work.settings.periods.type,
        org_units=scope.org_units["id"].to_list(),
        levels=dict(scope.org_units.select("id", "level").rows()),
        categories=scope.categories,
        unknown_indicators=failed,
        silent_indicators=silent,
        source_system_id=source.system_id,
        source_version=source.version,
        target_system_id=target.system_id,
        target_version=target.version,
        source_account=accounts[0],
        target_account=accounts[1],
        analytics_built=str(source.last_analytics or "never"),
        filters=list(work.settings.source.filters),
        only_org_units=list(only.org_units),
        only_periods=list(only.periods),
        option_filters=context.option_filters,
    )
