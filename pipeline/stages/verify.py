"""Check a transfer before it runs: both servers, the account, the forms, the mapping."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from itertools import product
from typing import Any

import polars as pl

from pipeline.config import read_transfer
from pipeline.dhis2.answers import judge
from pipeline.dhis2.client import Client
from pipeline.dhis2.metadata import (
    SourceMetadata,
    TargetMetadata,
    read_combos,
    read_source,
    read_target,
)
from pipeline.dhis2.system import SUPERUSER, SystemInfo, analytics_age, read_account, read_system
from pipeline.errors import ServerError, TallyError
from pipeline.runs import Deployment
from pipeline.sections import Transfer
from pipeline.stages.scope import Scope, choose_scope
from pipeline.stages.transform import written_out
from pipeline.tables import MappingTables, read_mapping
from pipeline.transform.cells import FORM_CELL
from pipeline.transform.findings import (
    Finding,
    assignment_findings,
    form_findings,
    mapping_findings,
    period_findings,
)
from pipeline.transform.holds import FormCells, place_form_cells
from pipeline.transform.mapping import OPTIONS_JOINT
from pipeline.transform.reasons import SENTENCES

NEWEST = (2, 44)
MOST_CLOCK_DIFFERENCE = 300.0
_NOT_FOUND = 404
_FAILED = 500
_MUST = {
    "source": "F_VIEW_EVENT_ANALYTICS",
    "target": "F_DATAVALUE_ADD",
}


@dataclass(frozen=True)
class _Known:
    """What could be read; later checks build on it."""

    name: str
    settings: Transfer
    deployment: Deployment
    source: Client
    target: Client
    tables: MappingTables | None = None
    source_info: SystemInfo | None = None
    target_info: SystemInfo | None = None
    metadata: SourceMetadata | None = None
    forms: TargetMetadata | None = None


def verify(
    deployment: Deployment,
    name: str,
    settings: Transfer,
    *,
    source: Client,
    target: Client,
    now: datetime,
) -> list[Finding]:
    """Give every finding about a transfer; nothing is written, and no check stops the others."""
    known = _Known(name, settings, deployment, source, target)
    findings: list[Finding] = []

    def read(what: str, reading: Callable[[], Any]) -> None:
        nonlocal known
        try:
            part: dict[str, Any] = {what: reading()}
            known = replace(known, **part)
        except TallyError as letter:
            findings.append(_of_letter(what, letter))

    read("tables", lambda: read_mapping(deployment.mappings(name)))
    read("source_info", lambda: read_system(source))
    read("target_info", lambda: read_system(target))
    if known.source_info:
        groups = settings.org_units.groups
        read("metadata", lambda: read_source(source, settings.source, groups))
    if known.target_info:
        read("forms", lambda: read_target(target, settings.target.data_sets))
    for check in (
        _systems,
        _accounts,
        _forms,
        _mapping,
        _overlaps,
        partial(_clocks, now=now),
        _asked,
    ):
        try:
            findings += check(known)
        except TallyError as letter:
            findings.append(_of_letter(getattr(check, "__name__", "clocks").strip("_"), letter))
    return list(dict.fromkeys(findings))


def _of_letter(what: str, letter: TallyError) -> Finding:
    finding_id = what.replace("_info", "-server").replace("_", "-")
    return Finding(finding_id, "error", letter.what, letter.where, letter.remedy)


def _systems(known: _Known) -> Iterator[Finding]:
    for side, info in (("source", known.source_info), ("target", known.target_info)):
        if info is None:
            continue
        if info.number[:2] > NEWEST:
            yield Finding(
                f"{side}-version", "warning", f"DHIS2 {info.version} is newer than Tally knows"
            )
        if not info.has_iso_calendar and not known.settings.periods.explicit:
            yield Finding(
                f"{side}-calendar",
                "error",
                f"the {side} uses the {info.calendar} calendar",
                "system/info",
                "list the periods by their ids in [periods] explicit",
            )
    if known.source_info and known.target_info:
        if known.source_info.system_id == known.target_info.system_id:
            yield Finding("one-server", "note", "source and target are one and the same server")
        yield from _freshness(known.settings, known.source_info)
        yield from _output_period_types(known)


def _freshness(settings: Transfer, info: SystemInfo) -> Iterator[Finding]:
    age = analytics_age(info)
    if age is None or age > settings.source.max_analytics_age:
        built = "were never built" if age is None else f"were built {age} ago"
        yield Finding(
            "stale-analytics",
            "error",
            f"the analytics tables of the source {built}",
            "system/info",
            "run analytics on the server, every night before Tally",
        )


def _output_period_types(known: _Known) -> Iterator[Finding]:
    """2.43 builds event analytics only for the period types that are set there."""
    answer = known.source.get_answer("configuration/dataOutputPeriodTypes")
    if answer.status == _NOT_FOUND:
        return
    judge(answer)
    names = {str(one.get("name", one)) if isinstance(one, dict) else one for one in answer.json()}
    if known.settings.periods.type not in names:
        yield Finding(
            "output-period-types",
            "error",
            f"the source builds no analytics for {known.settings.periods.type} periods",
            "configuration/dataOutputPeriodTypes",
            "add the period type in System settings, then run analytics",
        )


def _accounts(known: _Known) -> Iterator[Finding]:
    for side, client, info in (
        ("source", known.source, known.source_info),
        ("target", known.target, known.target_info),
    ):
        if info is None:
            continue
        account = read_account(client)
        if not account.may(_MUST[side]):
            yield Finding(
                f"{side}-rights",
                "error",
                f"the account {account.username} lacks the authority {_MUST[side]}",
                f"user roles on the {side}",
                "add it to the role of this account",
            )
        if SUPERUSER in account.authorities:
            yield Finding(
                f"{side}-superuser",
                "warning",
                f"the account {account.username} may do everything",
                f"user roles on the {side}",
                "give Tally an account with only the rights that the README lists",
            )
        roots = account.view_roots if side == "source" else account.capture_roots
        if not roots:
            yield Finding(
                f"{side}-org-units",
                "error",
                f"the account {account.username} has no org units",
                f"user settings on the {side}",
                "assign the org units whose data it reads and writes",
            )


def _forms(known: _Known) -> Iterator[Finding]:
    if known.forms is None:
        return
    yield from period_findings(known.forms.data_sets, known.settings.periods.type)
    if known.tables is None:
        return
    mapping = written_out(known.tables.data_elements, known.forms)
    cells = mapping.group_by(FORM_CELL, maintain_order=True).agg(pl.col("data_set").max())
    placed = place_form_cells(cells, _rules(known.forms))
    told = placed.with_columns(sentence=pl.col("form_hold").replace(SENTENCES))
    yield from form_findings(told, known.forms.data_elements)
    shared = (
        known.forms.data_set_elements.join(
            mapping.filter(pl.col("data_set") == "").select("data_element").unique(),
            on="data_element",
            how="semi",
        )
        .filter(pl.col("data_element").is_duplicated())["data_element"]
        .unique()
        .sort()
    )
    if not shared.is_empty():
        yield Finding(
            "element-in-two-data-sets",
            "error",
            f"{len(shared)} mapped data elements are in several of the target data sets",
            ", ".join(shared.head(10)),
            "name the data set in the column data_set of the mapping",
        )


def _rules(forms: TargetMetadata) -> FormCells:
    return FormCells(
        forms.data_sets,
        forms.data_set_elements,
        forms.category_option_combos,
        forms.data_set_org_units,
        forms.input_periods,
        forms.org_units,
    )


def _mapping(known: _Known) -> Iterator[Finding]:
    if known.tables is None or known.metadata is None:
        return
    options = read_combos(known.source).options
    asked = {
        indicator: frozenset(
            OPTIONS_JOINT.join(sorted(one)) for one in product(*(options[c] for c in categories))
        )
        for indicator, categories in known.metadata.program_indicators.select(
            "id", "categories"
        ).rows()
    }
    yield from mapping_findings(known.tables.data_elements, asked)
    if known.forms is None or known.source_info is None:
        return
    scope = _scope(known, assigned_only=False)
    moved = dict(known.tables.org_units.rows())
    names = dict(known.metadata.org_units.select("id", "name").rows())
    selected = pl.DataFrame(
        {
            "org_unit": [moved.get(one, one) for one in scope.org_units["id"]],
            "name": [names.get(one, one) for one in scope.org_units["id"]],
        }
    )
    yield from assignment_findings(selected, known.forms.data_set_org_units.select("org_unit"))
    lost = sorted(set(moved.values()) - set(known.forms.org_units["id"]))
    if lost:
        yield Finding(
            "unknown-org-units",
            "error",
            f"{len(lost)} org units of the mapping are not known to the target",
            ", ".join(lost[:10]),
            "mend mappings/org_units.csv",
        )


def _scope(known: _Known, *, assigned_only: bool) -> Scope:
    wanted = known.settings.org_units.model_copy(update={"assigned_only": assigned_only})
    settings = known.settings.model_copy(update={"org_units": wanted})
    assert known.tables and known.metadata and known.forms and known.source_info  # noqa: S101, PT018  # the callers asked
    return choose_scope(settings, known.tables, known.metadata, known.forms, known.source_info)


def _overlaps(known: _Known) -> Iterator[Finding]:
    """Two transfers must not own the same cells of one target."""
    if known.tables is None:
        return
    mine = known.tables.data_elements.select(FORM_CELL).unique()
    for other in known.deployment.transfers():
        if other == known.name:
            continue
        try:
            settings = read_transfer(known.deployment.configuration(other))
            theirs = read_mapping(known.deployment.mappings(other)).data_elements
        except TallyError:
            continue
        shared_sets = set(settings.target.data_sets) & set(known.settings.target.data_sets)
        same_target = settings.target.url == known.settings.target.url
        shared = mine.join(theirs.select(FORM_CELL), on=list(FORM_CELL), how="semi")
        if shared_sets and same_target and not shared.is_empty():
            yield Finding(
                "overlapping-transfers",
                "error",
                f"the transfer {other} fills {shared.height} of the same cells",
                f"data sets {', '.join(sorted(shared_sets))}",
                "let only one transfer fill a cell",
            )


def _clocks(known: _Known, now: datetime) -> Iterator[Finding]:
    """Compare clocks by the minutes: a server tells its local time, without its zone."""
    for side, info in (("source", known.source_info), ("target", known.target_info)):
        if info is None:
            continue
        seconds = (info.now - now.replace(tzinfo=None)).total_seconds()
        quarter = 900.0
        difference = abs(seconds - round(seconds / quarter) * quarter)
        if difference > MOST_CLOCK_DIFFERENCE:
            yield Finding(
                f"{side}-clock",
                "warning",
                f"the clocks of the {side} and of this machine differ by {difference:.0f} seconds",
                "system/info",
                "set both by a time server",
            )


def _asked(known: _Known) -> Iterator[Finding]:
    """Ask each disaggregated indicator as a data value set: there, overlapping mappings fail."""
    if known.metadata is None or known.forms is None or known.tables is None:
        return
    if known.source_info is None:
        return
    scope = _scope(known, assigned_only=known.settings.org_units.assigned_only)
    split_up = known.metadata.program_indicators.filter(pl.col("categories").list.len() > 0)
    roots = ";".join(read_account(known.source).view_roots)
    for indicator, name in split_up.select("id", "name").rows():
        parameters = [
            ("dimension", f"dx:{indicator}"),
            ("dimension", f"pe:{';'.join(scope.periods)}"),
            ("dimension", f"ou:{roots}"),
        ]
        answer = known.source.get_answer("analytics/dataValueSet.json", parameters)
        if answer.status < 400:  # noqa: PLR2004  # HTTP's own
            continue
        try:
            judge(answer)
        except ServerError as letter:
            overlap = answer.status == _FAILED
            yield Finding(
                "overlapping-options" if overlap else "indicator-fails",
                "error",
                f"the indicator {name} cannot be disaggregated: {letter.what}",
                indicator,
                "mend its category mappings: an event may match only one option of a category"
                if overlap
                else letter.remedy,
            )
