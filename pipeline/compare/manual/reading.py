"""Read the manual numbers of a run's periods and sites, and keep them in its folder."""

import hashlib
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

import polars as pl
from isal import igzip
from pandera.typing.polars import DataFrame

from pipeline.cells.key import FORM_CELL
from pipeline.compare.context import CompareContext
from pipeline.compare.manual.data_set import insist_on_target, read_values
from pipeline.compare.manual.kept import UNFINISHED, KeptManual, begin_manual
from pipeline.compare.rules.discrepancies import Tolerance
from pipeline.compare.rules.links import Links, summed
from pipeline.compare.rules.manual.findings import finding_of_all, finding_per_row, with_sentences
from pipeline.compare.rules.manual.objects import with_ids
from pipeline.compare.rules.manual.reasons import DELETED_ROW, DOUBTFUL_QUOTE, RAGGED
from pipeline.compare.rules.manual.rows import ManualScope, ManualSide, judge_rows
from pipeline.dhis2.http.client import Client
from pipeline.dhis2.target_metadata import read_compared
from pipeline.files.whole import write_bytes
from pipeline.ledger import journal
from pipeline.tables import read_manual_mapping
from pipeline.tables.manual_file import open_file, read_rows
from pipeline.tables.manual_links import (
    MANUAL_COMBOS,
    known_combos,
    links_with_file,
    links_with_form,
)
from schemas.comparison import ManualFindings, ManualRows, TrackerLinks
from schemas.frames import checked, trusted

_UNTYPED = pl.DataFrame(schema={"data_element": pl.String, "value_type": pl.String})


class _Read(NamedTuple):
    source: str
    side: ManualSide
    links: Links
    sha256: str = ""


def fetch_manual(
    context: CompareContext, target: Client | None, clock: Callable[[], datetime]
) -> KeptManual:
    """Leave manual/, manual_values.parquet and manual.json in the run's folder.

    `target` is only needed where the numbers stand in a data set. Raises the letter of what
    cannot be read; what was read before stands then.
    """
    run, settings = context.work.run, context.work.settings.compare
    filled = context.filled  # before anything is touched: the mapping may have been changed
    begin_manual(run)
    if target is None:
        read = _from_file(context, filled)
    else:
        read = _from_data_set(context, filled, target, clock)
    manual = KeptManual(
        source=read.source,
        read_at=clock(),
        tolerance=Tolerance(settings.tolerance, settings.tolerance_share),
        district_level=settings.district_level,
        sha256=read.sha256,
        basis=context.basis,
        values=summed(read.side.numbers),
        doubtful=read.side.doubtful,
        findings=read.side.findings,
        tracker_links=_with_unknown(read.links.tracker, context),
    )
    manual.keep(run)
    return manual


def _from_data_set(
    context: CompareContext, filled: pl.DataFrame, target: Client, clock: Callable[[], datetime]
) -> _Read:
    begun = journal.begun(context.work.run)
    insist_on_target(target, context.extract, begun and begun.target_system_id)
    data_set = context.work.settings.compare.data_set
    form = read_compared(target, data_set, context.extract.period_type)
    path, table = read_manual_mapping(_mappings(context), by_id=True)
    links = links_with_form(
        path, table, filled, context.target, elements=form.elements, data_set=form.id
    )
    folder = context.work.run.path / UNFINISHED
    values = read_values(target, data_set, context.extract.periods, folder, clock)
    wanted = table.select("manual_data_element")
    rows = trusted(values.join(wanted, on="manual_data_element", how="semi"), ManualRows)
    source = f"data set {form.name}"
    return _Read(source, judge_rows(rows, links, _scope(context, _UNTYPED), source), links)


def _from_file(context: CompareContext, filled: pl.DataFrame) -> _Read:
    work = context.work
    path, content = open_file(work.deployment, work.name, work.settings.compare.file)
    write_bytes(work.run.path / UNFINISHED / f"{path.name}.gz", igzip.compress(content, 1, mtime=0))
    mapping_path, table = read_manual_mapping(_mappings(context), by_id=False)
    file = read_rows(content, path, {*table["manual_data_element"]})
    links = links_with_file(mapping_path, table, filled, context.target)
    types = context.target.data_elements.select(data_element="id", value_type="value_type")
    rows = _with_combos(
        checked(file.rows, ManualRows), known_combos(filled, context.target), context
    )
    side = judge_rows(rows, links, _scope(context, types), path.name)
    unread = [
        finding_per_row(file.ragged, RAGGED, DOUBTFUL_QUOTE),
        finding_of_all(file.ragged, DELETED_ROW, "written"),
    ]
    ragged = with_sentences(unread, path.name)
    findings = trusted(pl.concat([ragged, side.findings]), ManualFindings)
    sha256 = hashlib.sha256(content).hexdigest()
    return _Read(f"file {path.name}", side._replace(findings=findings), links, sha256)


def _mappings(context: CompareContext) -> Path:
    return context.work.deployment.mappings(context.work.name)


def _scope(context: CompareContext, value_types: pl.DataFrame) -> ManualScope:
    return ManualScope(
        context.extract.period_type,
        context.extract.periods,
        context.org_units,
        context.target.org_units,
        value_types,
    )


def _with_combos(
    rows: DataFrame[ManualRows], known: pl.DataFrame, context: CompareContext
) -> DataFrame[ManualRows]:
    """Rows of a file with the ids of their option combos; an empty one is the default."""
    default = pl.lit(context.target.default_option_combo)
    combos = (
        pl.when(pl.col(name) == "").then(default).otherwise(pl.col(name)).alias(name)
        for name in MANUAL_COMBOS
    )
    return trusted(with_ids(rows, MANUAL_COMBOS, known).with_columns(combos), ManualRows)


def _with_unknown(links: pl.DataFrame, context: CompareContext) -> DataFrame[TrackerLinks]:
    """Add `unknown`: an indicator behind the form cell could not be asked."""
    not_asked = pl.col("program_indicator").is_in(list(context.extract.unknown_indicators))
    unknown = (
        context.mapping.filter(not_asked)
        .select(FORM_CELL)
        .unique()
        .with_columns(unknown=pl.lit(value=True))
    )
    joined = links.join(
        unknown, on=list(FORM_CELL), how="left", validate="1:1", maintain_order="left"
    )
    return trusted(joined.with_columns(pl.col("unknown").fill_null(value=False)), TrackerLinks)
