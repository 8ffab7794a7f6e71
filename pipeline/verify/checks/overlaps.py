"""Find whether another transfer fills the same cells of the same target."""

from collections.abc import Iterator
from dataclasses import replace

import polars as pl

from pipeline.cells.key import FORM_CELL
from pipeline.dhis2.access.connections import find_connection
from pipeline.dhis2.http.client import connect
from pipeline.dhis2.source_metadata import read_source
from pipeline.dhis2.system import read_system
from pipeline.dhis2.target_metadata import read_target
from pipeline.extract.rules.scope import choose_scope
from pipeline.run.session import read_settings
from pipeline.tables import read_mapping
from pipeline.text.errors import TallyError
from pipeline.transform.rules.defaults import with_default_combos
from pipeline.verify.checks.context import VerifyContext
from pipeline.verify.rules.findings import Finding
from pipeline.verify.rules.overlaps import FilledCells, shared_cells
from schemas.mapping import MappingTables
from schemas.metadata import TargetMetadata
from schemas.server import SystemInfo


def check_overlaps(context: VerifyContext) -> Iterator[Finding]:
    """The other transfers of this deployment that fill cells which this one fills.

    Targets are told apart by their addresses: a copy of a server keeps its system id.
    """
    for other in context.deployment.transfers():
        if other == context.name:
            continue
        try:
            shared = _shared(context, other)
        except TallyError as letter:
            yield Finding(
                "unread-transfer",
                "warning",
                f"whether the transfer {other} fills the same cells is not known: {letter.what}",
                letter.where,
                letter.remedy,
            )
            continue
        if shared:
            yield Finding(
                "overlapping-transfers",
                "error",
                f"the transfer {other} fills {shared} of the same cells",
                f"{context.target.client.connection.base} and data/transfers/{other}",
                "let only one transfer fill a cell: part them by elements, periods or org units",
            )


def _shared(context: VerifyContext, other: str) -> int:
    """Count the shared cells; the other's servers are asked only if its form cells are shared."""
    if context.forms is None or context.tables is None or context.source.info is None:
        return 0
    settings = read_settings(context.deployment, other)
    address = find_connection("target", settings.target, context.environment).base
    tables = read_mapping(context.deployment.mappings(other))
    mine, theirs = (_form_cells(one, context.forms) for one in (context.tables, tables))
    shared = mine.join(theirs, on=list(FORM_CELL), how="semi")
    if address != context.target.client.connection.base or shared.is_empty():
        return 0
    forms = read_target(context.target.client, settings.target.data_sets)
    with connect(find_connection("source", settings.source, context.environment)) as source:
        info = read_system(source)
        metadata = read_source(source, settings.source, settings.org_units.groups)
    twin = replace(context, settings=settings, tables=tables, metadata=metadata, forms=forms)
    return shared_cells(_image(context, context.source.info), _image(twin, info))


def _form_cells(tables: MappingTables, forms: TargetMetadata) -> pl.DataFrame:
    return with_default_combos(tables.data_elements, forms).select(FORM_CELL).unique()


def _image(context: VerifyContext, info: SystemInfo) -> FilledCells:
    """What a transfer would fill today."""
    assert context.tables and context.metadata and context.forms  # noqa: S101, PT018  # the caller asked
    scope = choose_scope(context.settings, context.tables, context.metadata, context.forms, info)
    scoped = replace(context, scope=scope)
    org_units = scoped.target_org_units["id"].drop_nulls().to_list()
    return FilledCells(_form_cells(context.tables, context.forms), scope.periods, org_units)
