"""Everything an extract has to know before it asks: both servers, their metadata, its scope."""

from dataclasses import dataclass

from pipeline.dhis2.http.client import Client
from pipeline.dhis2.source_metadata import read_source
from pipeline.dhis2.system import read_system
from pipeline.dhis2.target_metadata import read_target
from pipeline.extract.freshness import Sleep, insist_on_fresh
from pipeline.extract.rules.narrowing import Only, narrowed
from pipeline.extract.rules.scope import Scope, choose_scope
from pipeline.run.metadata import TargetFrames, keep_frame
from pipeline.run.work import Work
from pipeline.tables import read_mapping
from schemas.server import SystemInfo


@dataclass(frozen=True)
class ExtractContext:
    """What a run asks for, and the state of both servers as it begins."""

    scope: Scope
    source_info: SystemInfo
    target_info: SystemInfo


def read_extract_context(
    work: Work, source: Client, target: Client, only: Only, sleep: Sleep
) -> ExtractContext:
    """Read the mapping and both servers; their metadata stays in the run's folder.

    Raises `UnavailableError` when the source's analytics tables are too old, `UsageError` when
    nothing of the source is in the scope of the transfer, or of `only`, or when a server has
    another calendar.
    """
    settings, run = work.settings, work.run
    tables = read_mapping(work.deployment.mappings(work.name))
    target_info = read_system(target)  # before anybody waits for the source
    with work.stopwatch.measuring("patience"):
        source_info = insist_on_fresh(source, settings.source, sleep)
    metadata = read_source(source, settings.source, settings.org_units.groups)
    forms = TargetFrames.keep(run, read_target(target, settings.target.data_sets))
    keep_frame(run, "program_indicators", metadata.program_indicators)
    keep_frame(run, "source_org_units", metadata.org_units)
    whole = choose_scope(settings, tables, metadata, forms, source_info)
    scope = narrowed(whole, only, settings.periods, source_info)
    return ExtractContext(scope, source_info, target_info)
