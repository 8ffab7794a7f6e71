"""Find whether both servers are what the transfer takes them for, and ready."""

from collections.abc import Iterator
from dataclasses import replace

from pipeline.dhis2.http.refusals import raise_for_error
from pipeline.dhis2.system import analytics_age, clock_difference
from pipeline.dhis2.table_runs import read_table_runs
from pipeline.extract.rules.freshness import (
    USUAL_TABLE,
    Needs,
    built_last,
    in_words,
    needs_of,
)
from pipeline.text.wording import span
from pipeline.verify.checks.context import CheckedServer, VerifyContext
from pipeline.verify.rules.findings import Finding
from schemas.server import SystemInfo

NEWEST = (2, 44)
MOST_CLOCK_DIFFERENCE = 300.0
_NOT_FOUND = 404


def check_servers(context: VerifyContext) -> Iterator[Finding]:
    """What each server is, and what of it stands in the way."""
    for side in context.sides:
        if side.info is not None:
            yield from _of_side(side, side.info, context)
    if context.source.info:
        yield from _freshness(context, context.source.info)
        yield from _output_period_types(context)
    if context.source.info and context.target.info:
        yield from _identities(context.source, context.target)
    yield from _input_periods(context)


def _of_side(side: CheckedServer, info: SystemInfo, context: VerifyContext) -> Iterator[Finding]:
    base = side.client.connection.base
    yield Finding(f"{side.name}-identity", "note", f"the {side.name} is DHIS2 {info.version}", base)
    if info.number[:2] > NEWEST:
        yield Finding(
            f"{side.name}-version",
            "warning",
            f"DHIS2 {info.version} is newer than Tally knows",
            base,
            "load a few cells first, and look at them",
        )
    difference = abs(clock_difference(info, context.now))
    if difference > MOST_CLOCK_DIFFERENCE:
        yield Finding(
            f"{side.name}-clock",
            "warning",
            f"the clocks of the {side.name} and of this machine differ by {_span(difference)}",
            "system/info",
            "set both by a time server",
        )


def _span(seconds: float) -> str:
    """A span in the largest unit that it fills twice."""
    units = (("days", 86_400), ("hours", 3_600), ("minutes", 60))
    return next(
        (f"about {seconds / size:.0f} {unit}" for unit, size in units if seconds >= 2 * size),
        f"{seconds:.0f} seconds",
    )


def _identities(source: CheckedServer, target: CheckedServer) -> Iterator[Finding]:
    assert source.info and target.info  # noqa: S101, PT018  # the caller asked
    if not target.info.system_id:
        yield Finding(
            "target-system-id",
            "warning",
            "the target does not tell its system id, so its cells cannot be told from another's",
            target.client.connection.base,
            "ask the server's administrator why system/info has no systemId",
        )
    bases = [side.client.connection.base for side in (source, target)]
    if bases[0] == bases[1]:
        yield Finding("one-server", "note", "source and target are one and the same server")
    elif source.info.system_id and source.info.system_id == target.info.system_id:
        yield Finding(
            "same-system-id",
            "warning",
            "source and target have two addresses and one system id; one may be a copy",
            " and ".join(bases),
            "make sure that both addresses are meant; a copy keeps the id of its original",
        )


def _freshness(context: VerifyContext, info: SystemInfo) -> Iterator[Finding]:
    known = context.metadata
    needs = needs_of(known.program_indicators) if known else Needs(frozenset({USUAL_TABLE}))
    built = built_last(info.last_analytics, read_table_runs(context.source.client), needs)
    age = analytics_age(replace(info, last_analytics=built.moment))
    if age is None or age > context.settings.source.max_analytics_age:
        said = in_words(age, left_out=built.moment != info.last_analytics)
        yield Finding(
            "stale-analytics",
            "error",
            f"the analytics tables of the source {said}",
            "system/info",
            "build them on the server, with the events, every night before Tally (Data "
            "Administration, Scheduler)",
        )
    elif not built.is_told:
        yield Finding(
            "analytics-build-unknown",
            "note",
            f"the last build of analytics tables began {span(age)} ago; whether it held the events "
            "the server does not tell, so Tally cannot know",
            "jobConfigurations",
            "ask the administrator whether a build leaves the events out, as one after a load may; "
            "such a build makes old numbers look new",
        )


def _output_period_types(context: VerifyContext) -> Iterator[Finding]:
    """2.43 builds event analytics only for the period types that are set there."""
    answer = context.source.client.get_answer("configuration/dataOutputPeriodTypes")
    if answer.status == _NOT_FOUND:
        return
    raise_for_error(answer)
    names = {str(one.get("name", one)) if isinstance(one, dict) else one for one in answer.json()}
    if context.settings.periods.type not in names:
        yield Finding(
            "output-period-types",
            "error",
            f"the source builds no analytics for {context.settings.periods.type} periods",
            "configuration/dataOutputPeriodTypes",
            "add the period type in System settings, then build the analytics tables",
        )


def _input_periods(context: VerifyContext) -> Iterator[Finding]:
    """2.43.0 and 2.43.1 take a closed input period and refuse an open one."""
    info, forms = context.target.info, context.forms
    if info is None or forms is None or not info.inverts_input_periods:
        return
    with_windows = forms.input_periods["data_set"].unique().sort()
    if not with_windows.is_empty():
        yield Finding(
            "input-periods",
            "warning",
            f"DHIS2 {info.version} refuses the open input periods of a data set",
            ", ".join(with_windows),
            "take the input periods away, or bring the target to 2.43.2",
        )
