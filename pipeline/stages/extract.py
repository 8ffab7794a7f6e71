"""Ask the source what it counts, keep every answer, and leave nothing half-asked."""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from datetime import UTC, datetime

import polars as pl

from pipeline.config import Periods, Transfer
from pipeline.dhis2.analytics import Response, ask, ask_alone, row_limit
from pipeline.dhis2.client import Client
from pipeline.dhis2.metadata import SourceMetadata, TargetMetadata, read_source, read_target
from pipeline.dhis2.system import (
    SystemInfo,
    analytics_age,
    insist_on_iso_calendar,
    read_account,
    read_system,
)
from pipeline.errors import ServerError, UnavailableError, UsageError
from pipeline.periods import Period, last_periods, parse_period, periods_between
from pipeline.presenter import Steps
from pipeline.runs import RunFolder
from pipeline.stages.papers import Extract, TargetFrames, keep_frame
from pipeline.stages.responses import keep_all, keep_response
from pipeline.stages.work import Work
from pipeline.tables import MappingTables, read_mapping
from pipeline.transform.questions import Asked, Question, plan_questions

IN_FLIGHT = 2
_POLL_SECONDS = 20


@dataclass(frozen=True)
class Scope:
    """What a run asks: indicators with the categories they are asked with, periods, org units."""

    asked: list[Asked]
    periods: list[str]
    org_units: pl.DataFrame

    @property
    def by_level(self) -> list[list[str]]:
        """Give the org units of each level; no request may mix two."""
        groups = self.org_units.sort("level", "id").partition_by("level", maintain_order=True)
        return [group["id"].to_list() for group in groups]


def extract(work: Work, source: Client, target: Client, steps: Steps) -> Extract:
    """Leave responses, provenance, metadata and extract.json in the run's folder.

    Raises the letter of the first question that could not be answered; extract.json is then
    not there, and no later stage begins.
    """
    settings, run = work.settings, work.run
    tables = read_mapping(work.deployment.mappings(work.name))
    info = _fresh(source, settings)
    target_info = read_system(target)
    metadata = read_source(source, settings.source, settings.org_units.groups)
    forms = TargetFrames.keep(run, read_target(target, settings.target.data_sets))
    keep_frame(run, "program_indicators", metadata.program_indicators)
    keep_frame(run, "source_org_units", metadata.org_units)
    scope = choose_scope(settings, tables, metadata, forms, info)
    questions = plan_questions(
        scope.asked,
        scope.periods,
        scope.by_level,
        row_limit=row_limit(source),
        filters=settings.source.filters,
    )
    seen = _ask_all(run, source, questions, steps)
    silent, unknown = _ask_the_silent(work, source, scope, seen)
    paper = Extract(
        run_id=run.run_id,
        started_at=datetime.now(tz=UTC),
        periods=scope.periods,
        period_type=settings.periods.type,
        org_units=scope.org_units["id"].to_list(),
        levels=dict(scope.org_units.select("id", "level").rows()),
        categories={
            indicator: list(group.categories)
            for group in scope.asked
            for indicator in group.program_indicators
        },
        unknown_indicators=unknown,
        silent_indicators=silent,
        source_system_id=info.system_id,
        source_version=info.version,
        target_system_id=target_info.system_id,
        target_version=target_info.version,
        source_account=read_account(source).username,
        target_account=read_account(target).username,
        analytics_built=str(info.last_analytics or "never"),
        filters=list(settings.source.filters),
    )
    paper.write(run)
    return paper


def _fresh(
    source: Client, settings: Transfer, sleep: Callable[[float], None] = time.sleep
) -> SystemInfo:
    """Read the source's state; refuse or wait when its analytics tables are too old."""
    waited = 0.0
    limit = settings.source.max_analytics_age
    while True:
        info = read_system(source)
        age = analytics_age(info)
        if age is not None and age <= limit:
            return info
        waits = settings.source.when_stale == "wait"
        if not waits or waited >= settings.source.wait_at_most.total_seconds():
            built = "never built" if age is None else f"built {age} ago"
            raise UnavailableError(
                f"the analytics tables of the source were {built}; at most {limit} is allowed",
                where=source.connection.base,
                remedy="run analytics on the server, or raise source.max_analytics_age",
            )
        sleep(_POLL_SECONDS)
        waited += _POLL_SECONDS


def choose_scope(
    settings: Transfer,
    tables: MappingTables,
    metadata: SourceMetadata,
    forms: TargetMetadata,
    info: SystemInfo,
) -> Scope:
    """Resolve what the configuration means today, by the source's own clock."""
    if not settings.periods.explicit:
        insist_on_iso_calendar(info)
        periods = [period.id for period in resolve_periods(settings.periods, info)]
    else:
        periods = list(settings.periods.explicit)
    org_units = _org_units(settings, tables, metadata, forms)
    if org_units.is_empty():
        raise UsageError(
            "no org unit of the source is in the scope of this transfer",
            remedy="check [org_units], and that they are assigned to the target's data sets",
        )
    return Scope(_groups(tables, metadata), periods, org_units)


def resolve_periods(periods: Periods, info: SystemInfo) -> list[Period]:
    """Give the periods a configuration asks for; `info` has the server's day."""
    if periods.last is not None:
        return last_periods(
            periods.type, periods.last, info.now.date(), include_current=periods.include_current
        )
    if periods.explicit:
        chosen = [parse_period(text) for text in periods.explicit]
    else:
        chosen = periods_between(parse_period(periods.first), parse_period(periods.until))
    strange = [period.id for period in chosen if period.type != periods.type]
    if strange:
        raise UsageError(
            f"{strange[0]} is no {periods.type} period",
            where="[periods] in transfer.toml",
            remedy="give periods of one type, and name that type",
        )
    return chosen


def _groups(tables: MappingTables, metadata: SourceMetadata) -> list[Asked]:
    """Put indicators together that are asked with the same categories.

    A disaggregated indicator is asked with its categories when the mapping names options of it,
    and for its total when the mapping names none.
    """
    split_up = set(
        tables.data_elements.filter(pl.col("category_options") != "")["program_indicator"]
    )
    mapped = set(tables.data_elements["program_indicator"])
    groups: dict[tuple[tuple[str, ...], int], list[str]] = {}
    for indicator in metadata.program_indicators.iter_rows(named=True):
        by_options = indicator["id"] in split_up or indicator["id"] not in mapped
        categories = tuple(indicator["categories"]) if by_options else ()
        options = indicator["options"] if categories else 1
        groups.setdefault((categories, options), []).append(indicator["id"])
    return [
        Asked(tuple(indicators), categories, options)
        for (categories, options), indicators in sorted(groups.items())
    ]


def _org_units(
    settings: Transfer, tables: MappingTables, metadata: SourceMetadata, forms: TargetMetadata
) -> pl.DataFrame:
    chosen = metadata.org_units
    wanted = settings.org_units
    if wanted.level is not None:
        chosen = chosen.filter(pl.col("level") == wanted.level)
    for group in wanted.groups[:1]:
        members = frozenset().union(*(metadata.groups[group] for group in wanted.groups))
        chosen = chosen.filter(pl.col("id").is_in(list(members)))
    if wanted.within:
        below = pl.any_horizontal(
            pl.col("path").str.contains(root, literal=True) for root in wanted.within
        )
        chosen = chosen.filter(below)
    if wanted.assigned_only:
        moved = chosen.join(
            tables.org_units.rename({"source_org_unit": "id"}), on="id", how="left", validate="m:1"
        ).with_columns(pl.coalesce("target_org_unit", "id").alias("target_org_unit"))
        assigned = forms.data_set_org_units.select(target_org_unit="org_unit").unique()
        chosen = moved.join(assigned, on="target_org_unit", how="semi").drop("target_org_unit")
    return chosen.select("id", "level").sort("id")


def _ask_all(run: RunFolder, source: Client, questions: list[Question], steps: Steps) -> set[str]:
    """Ask everything, two questions in flight; give the indicators that had any row."""
    seen: set[str] = set()
    number = 0
    steps.begin(len(questions))
    with ThreadPoolExecutor(IN_FLIGHT) as pool:
        asked = [pool.submit(ask, source, question) for question in questions]
        try:
            for finished in as_completed(asked):
                rows = 0
                for response in finished.result():
                    number += 1
                    keep_response(run, number, response, "joint")
                    seen |= set(response.rows["program_indicator"].unique())
                    rows += response.rows.height
                steps.step(rows)
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise
    return seen


def _ask_the_silent(
    work: Work, source: Client, scope: Scope, seen: set[str]
) -> tuple[list[str], dict[str, str]]:
    """Ask every indicator without a row again, alone: silent, or unknown with a sentence."""
    silent, unknown = [], {}
    for group in scope.asked:
        for indicator in group.program_indicators:
            if indicator in seen:
                continue
            alone = Asked((indicator,), group.categories, group.options)
            told = ask_about_one(work, source, Scope([alone], scope.periods, scope.org_units))
            if isinstance(told, ServerError):
                unknown[indicator] = told.what
                continue
            keep_all(work.run, told, "alone")
            if not sum(response.rows.height for response in told):
                silent.append(indicator)
    return silent, unknown


def ask_about_one(work: Work, source: Client, scope: Scope) -> list[Response] | ServerError:
    """Ask one indicator alone for its part of a scope; an error of the indicator is an answer."""
    questions = plan_questions(
        scope.asked,
        scope.periods,
        scope.by_level,
        row_limit=0,
        filters=work.settings.source.filters,
    )
    told: list[Response] = []
    for question in questions:
        answer = ask_alone(source, question)
        if isinstance(answer, ServerError):
            return answer
        told += answer
    return told
