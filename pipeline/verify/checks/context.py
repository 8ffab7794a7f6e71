"""What a check could read of a transfer; later questions build on it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from typing import Any

import polars as pl

from pipeline.config.sections import Transfer
from pipeline.dhis2.http.client import Client
from pipeline.dhis2.source_metadata import read_source
from pipeline.dhis2.system import read_account, read_any_system, with_iso_calendar
from pipeline.dhis2.target_metadata import read_target
from pipeline.extract.rules.scope import Scope, choose_scope
from pipeline.files.deployment import Deployment
from pipeline.tables import read_mapping
from pipeline.text.errors import TallyError
from pipeline.transform.rules.defaults import with_default_combos
from pipeline.transform.rules.org_units import with_target_org_unit
from pipeline.verify.rules.findings import Finding
from schemas.mapping import MappingTables
from schemas.metadata import SourceMetadata, TargetMetadata
from schemas.server import Account, SystemInfo


@dataclass(frozen=True)
class CheckedServer:
    """One server as the check sees it; what could not be read is None.

    `name` is source or target.
    """

    name: str
    client: Client
    info: SystemInfo | None = None
    account: Account | None = None


@dataclass(frozen=True)
class VerifyContext:
    """A transfer, its servers, and what could be read of both; None where it could not.

    `scope` holds every org unit that is chosen, whether a data set is assigned to it or not.
    """

    name: str
    settings: Transfer
    deployment: Deployment
    environment: Mapping[str, str]
    now: datetime
    source: CheckedServer
    target: CheckedServer
    tables: MappingTables | None = None
    metadata: SourceMetadata | None = None
    forms: TargetMetadata | None = None
    scope: Scope | None = None

    @property
    def target_org_units(self) -> pl.DataFrame:
        """Where the chosen org units go: id (null: nowhere), and name, as the source has it."""
        return self.placed_org_units.select(id="target_org_unit", name="name")

    @cached_property
    def placed_org_units(self) -> pl.DataFrame:
        """The chosen org units: org_unit, target_org_unit (null: none), name on the source.

        Nothing is chosen where the scope is not known.
        """
        if self.scope is None or self.tables is None or self.metadata is None:
            columns = ("org_unit", "target_org_unit", "name")
            return pl.DataFrame(schema=dict.fromkeys(columns, pl.String))
        names = self.metadata.org_units.select(org_unit="id", name="name")
        chosen = self.scope.org_units.select(org_unit="id").sort("org_unit")
        unlisted = self.settings.mapping.unlisted_org_units
        return (
            with_target_org_unit(chosen, self.tables.org_units, unlisted)
            .join(names, on="org_unit", how="left", validate="1:1", maintain_order="left")
            .select("org_unit", "target_org_unit", "name")
        )

    @cached_property
    def mapping(self) -> pl.DataFrame | None:
        """The data elements that tracker fills, with default option combos; None if not known."""
        if self.tables is None or self.forms is None:
            return None
        return with_default_combos(self.tables.data_elements, self.forms)

    @property
    def sides(self) -> tuple[CheckedServer, CheckedServer]:
        """Both servers, the source first."""
        return self.source, self.target


def as_finding(finding_id: str, letter: TallyError) -> Finding:
    """The letter as an error that was found."""
    return Finding(finding_id, "error", letter.what, letter.where, letter.remedy)


def read_verify_context(context: VerifyContext) -> tuple[VerifyContext, list[Finding]]:
    """Read what can be read; what cannot be is a finding and hinders nothing else."""
    findings: list[Finding] = []

    def attempt(finding_id: str, reading: Callable[[], Any]) -> Any:  # noqa: ANN401  # any part
        try:
            return reading()
        except TallyError as letter:
            findings.append(as_finding(finding_id, letter))
            return None

    settings = context.settings
    sides = {side.name: _read_server(side, attempt) for side in context.sides}
    context = replace(context, source=sides["source"], target=sides["target"])
    parts: dict[str, Callable[[], Any]] = {
        "tables": lambda: read_mapping(context.deployment.mappings(context.name))
    }
    if context.source.info:
        parts["metadata"] = lambda: read_source(
            context.source.client, settings.source, settings.org_units.groups
        )
    if context.target.info:
        parts["forms"] = lambda: read_target(context.target.client, settings.target.data_sets)
    read = {part: attempt(part, reading) for part, reading in parts.items()}
    context = replace(context, **read)
    return replace(context, scope=attempt("scope", lambda: _scope(context))), findings


def _read_server(
    side: CheckedServer, attempt: Callable[[str, Callable[[], Any]], Any]
) -> CheckedServer:
    info = attempt(f"{side.name}-server", lambda: read_any_system(side.client))
    if info is not None:
        base = side.client.connection.base
        info = attempt(f"{side.name}-calendar", lambda: with_iso_calendar(info, base))
    if info is None:
        return side
    account = attempt(f"{side.name}-account", lambda: read_account(side.client))
    return replace(side, info=info, account=account)


def _scope(context: VerifyContext) -> Scope | None:
    if not (context.tables and context.metadata and context.forms and context.source.info):
        return None
    return _whole_scope(
        context.settings, context.tables, context.metadata, context.forms, context.source.info
    )


def _whole_scope(
    settings: Transfer,
    tables: MappingTables,
    metadata: SourceMetadata,
    forms: TargetMetadata,
    info: SystemInfo,
) -> Scope:
    """Resolve what a configuration means, its org units whether assigned or not."""
    wanted = settings.org_units.model_copy(update={"assigned_only": False})
    whole = settings.model_copy(update={"org_units": wanted})
    return choose_scope(whole, tables, metadata, forms, info)
