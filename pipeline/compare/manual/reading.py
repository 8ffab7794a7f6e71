"""Read what paper says of a run's periods and sites, keep it, and make numbers of it."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

import polars as pl
from isal import igzip

from pipeline.cells.key import FORM_CELL
from pipeline.compare.manual.data_set import insist_on_target, read_values
from pipeline.compare.manual.kept import UNFINISHED, Manual, basis_of, begin_manual
from pipeline.compare.rules.discrepancies import Tolerance
from pipeline.compare.rules.links import Links, summed
from pipeline.compare.rules.manual.findings import one_by_one, with_words
from pipeline.compare.rules.manual.objects import with_ids
from pipeline.compare.rules.manual.reasons import RAGGED
from pipeline.compare.rules.manual.rows import ManualScope, ManualSide, judge_rows
from pipeline.dhis2.http.client import Client
from pipeline.dhis2.target_metadata import read_compared
from pipeline.files.whole import write_bytes
from pipeline.ledger import journal
from pipeline.run.metadata import TargetFrames
from pipeline.run.records import Extract, TransformRecord, read_record
from pipeline.run.work import Work
from pipeline.tables import read_manual_mapping, read_mapping
from pipeline.tables.manual_file import open_file, read_rows
from pipeline.tables.manual_links import COMBOS, known_combos, links_with_file, links_with_form
from pipeline.text.errors import RefusedError
from pipeline.transform.rules.defaults import with_default_combos
from pipeline.transform.rules.org_units import target_org_units


class _Read(NamedTuple):
    source: str
    side: ManualSide
    links: Links
    sha256: str = ""


@dataclass(frozen=True)
class _ManualContext:
    work: Work
    extract: Extract
    forms: TargetFrames
    mapping: pl.DataFrame
    org_units: list[str]

    @property
    def filled(self) -> pl.DataFrame:
        """Give the form cells that tracker fills."""
        return self.mapping.select(FORM_CELL).unique().sort(FORM_CELL)

    @property
    def default(self) -> str:
        """Give the option combo that splits nothing."""
        return self.forms.default_option_combo

    @property
    def folder(self) -> Path:
        """Give the folder where what is read is kept until all of it is there."""
        return self.work.run.path / UNFINISHED

    @property
    def mappings(self) -> Path:
        """Give the folder of the mapping tables."""
        return self.work.deployment.mappings(self.work.name)

    def asked(self, value_types: pl.DataFrame) -> ManualScope:
        """Tell what the run asked."""
        extract = self.extract
        units = self.forms.org_units
        return ManualScope(extract.period_type, extract.periods, self.org_units, units, value_types)


def take_in_manual(work: Work, target: Client | None, clock: Callable[[], datetime]) -> Manual:
    """Leave manual/, manual_values.parquet and manual.json in the run's folder.

    `target` is only needed where the numbers stand in a data set. Raises the letter of what
    cannot be read; what was read before stands then.
    """
    context = _context(work)
    begin_manual(work.run)
    read = _from_file(context) if target is None else _from_data_set(context, target, clock)
    settings = work.settings.compare
    manual = Manual(
        source=read.source,
        read_at=clock(),
        tolerance=Tolerance(settings.tolerance, settings.tolerance_share),
        district_level=settings.district_level,
        sha256=read.sha256,
        basis=basis_of(work.run),
        values=summed(read.side.numbers),
        doubtful=read.side.doubtful,
        findings=read.side.findings,
        tracker_links=_with_unknown(read.links.tracker, context),
    )
    manual.keep(work.run)
    return manual


def _context(work: Work) -> _ManualContext:
    extract, forms = read_record(work.run, Extract), TargetFrames.read(work.run)
    folder = work.deployment.mappings(work.name)
    tables = read_mapping(folder)
    if tables.fingerprint != read_record(work.run, TransformRecord).mapping_hash:
        raise RefusedError(
            "the mapping was changed since this run was transformed",
            where=str(folder),
            remedy="begin a new run with `tally run NAME`",
        )
    units = target_org_units(
        extract.org_units, tables.org_units, work.settings.mapping.unlisted_org_units
    )
    return _ManualContext(
        work, extract, forms, with_default_combos(tables.data_elements, forms), units
    )


def _from_data_set(context: _ManualContext, target: Client, clock: Callable[[], datetime]) -> _Read:
    begun = journal.begun(context.work.run)
    insist_on_target(target, context.extract, begun and begun.target_system_id)
    data_set = context.work.settings.compare.data_set
    form = read_compared(target, data_set, context.extract.period_type)
    path, table = read_manual_mapping(context.mappings, by_id=True)
    links = links_with_form(
        path, table, context.filled, context.forms, elements=form.elements, data_set=form.id
    )
    rows = read_values(target, data_set, context.extract.periods, context.folder, clock).join(
        table.select("manual_data_element"), on="manual_data_element", how="semi"
    )
    source = f"data set {form.name}"
    untyped = pl.DataFrame(schema={"data_element": pl.String, "value_type": pl.String})
    return _Read(source, judge_rows(rows, links, context.asked(untyped), source), links)


def _from_file(context: _ManualContext) -> _Read:
    path, content = open_file(
        context.work.deployment, context.work.name, context.work.settings.compare.file
    )
    write_bytes(context.folder / f"{path.name}.gz", igzip.compress(content, 1, mtime=0))
    file = read_rows(content, path)
    mapping_path, table = read_manual_mapping(context.mappings, by_id=False)
    combos = known_combos(context.filled, context.forms)
    links = links_with_file(mapping_path, table, context.filled, context.forms)
    rows = with_ids(file.rows, COMBOS, combos).with_columns(
        pl.when(pl.col(name) == "")
        .then(pl.lit(context.default))
        .otherwise(pl.col(name))
        .alias(name)
        for name in COMBOS
    )
    types = context.forms.data_elements.select(data_element="id", value_type="value_type")
    side = judge_rows(rows, links, context.asked(types), path.name)
    ragged = with_words([one_by_one(file.ragged, RAGGED)], path.name)
    findings = pl.concat([ragged, side.findings])
    sha256 = hashlib.sha256(content).hexdigest()
    return _Read(f"file {path.name}", side._replace(findings=findings), links, sha256)


def _with_unknown(links: pl.DataFrame, context: _ManualContext) -> pl.DataFrame:
    """Add `unknown`: an indicator behind the form cell could not be asked."""
    lost = pl.col("program_indicator").is_in(list(context.extract.unknown_indicators))
    unknown = (
        context.mapping.filter(lost)
        .select(FORM_CELL)
        .unique()
        .with_columns(unknown=pl.lit(value=True))
    )
    return links.join(
        unknown, on=list(FORM_CELL), how="left", validate="1:1", maintain_order="left"
    ).with_columns(pl.col("unknown").fill_null(value=False))
