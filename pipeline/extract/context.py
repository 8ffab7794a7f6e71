"""Everything an extract has to know before it asks: both servers, their metadata, its scope."""

from dataclasses import dataclass

import polars as pl

from pipeline.dhis2.http.client import Client
from pipeline.dhis2.source_metadata import read_source
from pipeline.dhis2.system import read_account, read_system
from pipeline.dhis2.target_metadata import read_target
from pipeline.extract.freshness import Sleep, insist_on_fresh
from pipeline.extract.rules.freshness import needs_of
from pipeline.extract.rules.narrowing import Only, narrowed, with_partners
from pipeline.extract.rules.scope import Scope, choose_scope
from pipeline.extract.rules.selectors import OrgUnitSelector, listed_by_level
from pipeline.plan.rules.holds.form_cells import insist_on_one_data_set
from pipeline.run.metadata import TargetFrames, keep_frame
from pipeline.run.work import Work
from pipeline.tables import read_mapping
from schemas.server import Account, SystemInfo


@dataclass(frozen=True)
class ExtractContext:
    """What a run asks for, and the state of both servers as it begins.

    `view`: the highest org units that the source's account may see, those of each level apart.
    `option_filters`: a hash for each program indicator that splits its events up.
    `indicators`: as schemas.metadata.ProgramIndicators.
    """

    scope: Scope
    source_info: SystemInfo
    target_info: SystemInfo
    indicators: pl.DataFrame
    source_account: Account
    view: list[OrgUnitSelector]
    option_filters: dict[str, str]


def read_extract_context(
    work: Work, source: Client, target: Client, only: Only, sleep: Sleep
) -> ExtractContext:
    """Read the mapping and both servers; their metadata stays in the run's folder.

    Raises `UnavailableError` when the source's analytics tables are too old, `UsageError` when
    nothing of the source is in the scope of the transfer, or of `only`, when it is not said into
    which of two data sets a count goes, and when a server has another calendar.
    """
    settings, run = work.settings, work.run
    tables = read_mapping(work.deployment.mappings(work.name))
    # Before all else: a server that Tally does not know is asked nothing, and nobody waits for one.
    read_system(source)
    target_info = read_system(target)
    metadata = read_source(source, settings.source, settings.org_units.groups)
    needs = needs_of(metadata.program_indicators)
    with work.stopwatch.measuring("patience"):
        source_info = insist_on_fresh(source, settings.source, needs, sleep)
    forms = TargetFrames.keep(run, read_target(target, settings.target.data_sets))
    insist_on_one_data_set(tables.data_elements, forms)
    keep_frame(run, "program_indicators", metadata.program_indicators)
    keep_frame(run, "source_org_units", metadata.org_units)
    whole = choose_scope(settings, tables, metadata, forms, source_info)
    chosen = narrowed(whole, only, settings.periods, source_info)
    scope = with_partners(chosen, whole, tables.org_units, settings.mapping.unlisted_org_units)
    account = read_account(source)
    view = metadata.org_units.filter(pl.col("id").is_in(list(account.view_roots)))
    return ExtractContext(
        scope,
        source_info,
        target_info,
        metadata.program_indicators,
        account,
        listed_by_level(view),
        metadata.option_filters,
    )
