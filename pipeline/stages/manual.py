"""Read what paper says of a run's periods and sites, keep it, and make numbers of it."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

import polars as pl
from isal import igzip

from pipeline.compare.discrepancies import Tolerance
from pipeline.compare.links import MANUAL_CELL, Complaint, Links, link, summed
from pipeline.compare.manual_findings import one_by_one, with_words
from pipeline.compare.manual_rows import Asked, ManualSide, judge_rows
from pipeline.compare.manual_rules import RAGGED
from pipeline.compare.named_objects import with_ids
from pipeline.dhis2.client import Client
from pipeline.errors import RefusedError, UsageError
from pipeline.runs import write_bytes
from pipeline.stages.manual_data_set import read_form, read_values, strangers
from pipeline.stages.manual_file import MOST_BYTES, read_rows
from pipeline.stages.manual_paper import FOLDER, Manual, forget_manual
from pipeline.stages.papers import Extract, TargetFrames, read_extract
from pipeline.stages.scope import asked_in_target
from pipeline.stages.transform import written_out
from pipeline.stages.work import Work
from pipeline.tables import read_manual_mapping, read_mapping, refuse_links
from pipeline.transform.cells import FORM_CELL

ENDINGS = (".csv", ".tsv", ".txt", ".parquet")
_COMBOS = list(MANUAL_CELL[1:])


class _Read(NamedTuple):
    source: str
    side: ManualSide
    links: Links
    sha256: str = ""


@dataclass(frozen=True)
class _Desk:
    work: Work
    extract: Extract
    forms: TargetFrames
    mapping: pl.DataFrame
    org_units: list[str]

    @property
    def filled(self) -> pl.DataFrame:
        """Give the form cells that tracker fills."""
        return self.mapping.select(FORM_CELL).unique().sort(FORM_CELL)

    def asked(self, value_types: pl.DataFrame) -> Asked:
        """Tell what the run asked."""
        extract = self.extract
        units = self.forms.org_units
        return Asked(extract.period_type, extract.periods, self.org_units, units, value_types)


def take_in_manual(work: Work, target: Client | None, clock: Callable[[], datetime]) -> Manual:
    """Leave manual/, manual_values.parquet and manual.json in the run's folder.

    `target` is only needed where the numbers stand in a data set. Raises the letter of what
    cannot be read; the run has no manual side then.
    """
    forget_manual(work.run)
    desk = _desk(work)
    read = _from_file(desk) if target is None else _from_data_set(desk, target, clock)
    settings = work.settings.compare
    manual = Manual(
        source=read.source,
        read_at=clock(),
        tolerance=Tolerance(settings.tolerance, settings.tolerance_share),
        district_level=settings.district_level,
        sha256=read.sha256,
        values=summed(read.side.numbers),
        doubtful=read.side.doubtful,
        findings=read.side.findings,
        tracker_links=_with_unknown(read.links.tracker, desk),
    )
    manual.keep(work.run)
    return manual


def _desk(work: Work) -> _Desk:
    extract, forms = read_extract(work.run), TargetFrames.read(work.run)
    tables = read_mapping(work.deployment.mappings(work.name))
    transformed = work.run.read_json("transform.json", "transform")
    if tables.fingerprint != transformed["mapping_hash"]:
        raise RefusedError(
            "the mapping was changed since this run was transformed",
            where=str(work.deployment.mappings(work.name)),
            remedy="begin a new run",
        )
    units = asked_in_target(extract.org_units, tables, work.settings.mapping)
    return _Desk(work, extract, forms, written_out(tables.data_elements, forms), units)


def _from_data_set(desk: _Desk, target: Client, clock: Callable[[], datetime]) -> _Read:
    form = read_form(desk.work, target, desk.extract)
    path, table = read_manual_mapping(desk.work.deployment.mappings(desk.work.name), by_id=True)
    links = _linked(desk, path, table, strangers(table, form), on_target=True)
    rows = read_values(desk.work, target, desk.extract.periods, clock).join(
        table.select("manual_data_element"), on="manual_data_element", how="semi"
    )
    source = f"data set {form.get('name') or form['id']}"
    untyped = pl.DataFrame(schema={"data_element": pl.String, "value_type": pl.String})
    return _Read(source, judge_rows(rows, links, desk.asked(untyped), source), links)


def _from_file(desk: _Desk) -> _Read:
    path, content = _opened(desk.work)
    write_bytes(
        desk.work.run.path / FOLDER / f"{path.name}.gz", igzip.compress(content, 1, mtime=0)
    )
    file = read_rows(content, path)
    mapping_path, table = read_manual_mapping(
        desk.work.deployment.mappings(desk.work.name), by_id=False
    )
    combos = _known_combos(desk)
    links = _linked(desk, mapping_path, with_ids(table, _COMBOS, combos))
    default = pl.lit(desk.forms.default_option_combo)
    rows = with_ids(file.rows, _COMBOS, combos).with_columns(
        pl.when(pl.col(name) == "").then(default).otherwise(pl.col(name)).alias(name)
        for name in _COMBOS
    )
    types = desk.forms.data_elements.select(data_element="id", value_type="value_type")
    side = judge_rows(rows, links, desk.asked(types), path.name)
    ragged = with_words([one_by_one(file.ragged, RAGGED)], path.name)
    findings = pl.concat([ragged, side.findings])
    sha256 = hashlib.sha256(content).hexdigest()
    return _Read(f"file {path.name}", side._replace(findings=findings), links, sha256)


def _linked(
    desk: _Desk,
    path: Path,
    table: pl.DataFrame,
    complaints: list[Complaint] | None = None,
    *,
    on_target: bool = False,
) -> Links:
    default = desk.forms.default_option_combo
    links, more = link(table, desk.filled, default, on_target=on_target)
    refuse_links(path, [*(complaints or ()), *more])
    return links


def _known_combos(desk: _Desk) -> pl.DataFrame:
    """Give the option combos that tracker fills; only these can be meant by a code or a name."""
    parts = [desk.filled.select(id=part) for part in FORM_CELL[1:]]
    return desk.forms.category_option_combos.join(pl.concat(parts).unique(), on="id", how="semi")


def _opened(work: Work) -> tuple[Path, bytes]:
    """Read the file that the configuration names; it must lie in the deployment's folder."""
    root = work.deployment.root.resolve()
    path = (work.deployment.transfer_folder(work.name) / work.settings.compare.file).resolve()
    if not path.is_relative_to(root):
        raise UsageError(
            "the file of manual numbers lies outside the deployment's folder",
            where=str(path),
            remedy=f"keep it below {root}, and name it in [compare] as seen from the transfer",
        )
    if path.suffix not in ENDINGS:
        raise UsageError(
            f"a file of manual numbers cannot end in {path.suffix or 'nothing'}",
            where=str(path),
            remedy="save it as CSV (UTF-8) or Parquet",
        )
    if not path.is_file():
        raise UsageError(
            "the file of manual numbers is not there",
            where=str(path),
            remedy="put it there, or empty `file` in [compare] of transfer.toml",
        )
    if path.stat().st_size > MOST_BYTES:
        raise UsageError(
            f"the file of manual numbers is larger than {MOST_BYTES // 2**20} MiB",
            where=str(path),
            remedy="leave out periods that the transfer does not ask",
        )
    return path, path.read_bytes()


def _with_unknown(links: pl.DataFrame, desk: _Desk) -> pl.DataFrame:
    """Add `unknown`: an indicator behind the form cell could not be asked."""
    lost = pl.col("program_indicator").is_in(list(desk.extract.unknown_indicators))
    unknown = (
        desk.mapping.filter(lost)
        .select(FORM_CELL)
        .unique()
        .with_columns(unknown=pl.lit(value=True))
    )
    return links.join(
        unknown, on=list(FORM_CELL), how="left", validate="1:1", maintain_order="left"
    ).with_columns(pl.col("unknown").fill_null(value=False))
