"""Make values of a run's responses: every row is accepted, or a reject with a reason."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

import polars as pl

from pipeline import __version__
from pipeline.cells.key import FORM_CELL
from pipeline.cells.packing import Dictionaries, extend, form_cell_number, unpacked
from pipeline.config.fingerprint import config_fingerprint
from pipeline.config.sections import Transfer
from pipeline.files.frames import write_frame
from pipeline.probes.failpoints import reach
from pipeline.run.folder import RunFolder
from pipeline.run.metadata import TargetFrames
from pipeline.run.records import Extract, TransformRecord, read_record, write_record
from pipeline.run.responses import read_responses
from pipeline.run.work import Work
from pipeline.store.records import Image, RunRecord
from pipeline.tables import read_mapping
from pipeline.text.errors import FindingsError, TallyError
from pipeline.text.wording import count, number
from pipeline.transform.rules import reasons
from pipeline.transform.rules.defaults import with_default_combos
from pipeline.transform.rules.mapping import REJECT_COLUMNS, Lookups, Mapped, make_lookups, map_rows
from pipeline.transform.rules.merging import Merged, merge_rows
from pipeline.transform.rules.org_units import with_target_org_unit
from schemas.mapping import MappingTables


def transform(work: Work) -> TransformRecord:
    """Leave values.parquet, rejects.parquet and transform.json, and the snapshot in the store.

    Raises `FindingsError` when more rows were rejected than the transfer allows; the rejects
    are there to be read, the snapshot is not made.
    """
    settings, run = work.settings, work.run
    extract = read_record(run, Extract)
    target = TargetFrames.read(run)
    tables = read_mapping(work.deployment.mappings(work.name))
    mapping = with_default_combos(tables.data_elements, target)
    org_units = _target_org_units(extract, tables, target, settings)
    dictionaries = extend(work.store.dictionaries(), _keys(mapping, org_units, extract))
    lookups = make_lookups(
        mapping,
        org_units,
        extract.periods,
        dictionaries,
        known_elements=target.data_elements["id"],
        known_combos=target.category_option_combos["id"],
    )
    mapped = _together(_mapped(work, lookups))
    silent = unknown_form_cells(lookups.sources, extract.unknown_indicators)
    merged = _merged(mapped, silent, lookups, target, dictionaries)
    rejects = pl.concat([mapped.rejects, merged.rejects]).sort(REJECT_COLUMNS)
    told = _count(run, mapped, merged, rejects, tables)
    _write(run, merged, rejects, dictionaries)
    _stop_at_threshold(told, rejects, settings)
    image = Image(
        _ids(dictionaries.periods, "period", extract.periods),
        lookups.sources.select(id="form_cell")
        .drop_nulls()
        .unique()
        .join(silent, left_on="id", right_on="form_cell", how="anti")
        .sort("id"),
        _ids(dictionaries.org_units, "org_unit", org_units["target_org_unit"].drop_nulls()),
    )
    record = _record(work, extract, told)
    reach("transform.written")
    change = work.store.commit_snapshot(record, dictionaries, image, merged.values, merged.doubtful)
    finished = replace(told, change=change)
    reach("transform.committed")
    write_record(run, finished)
    return finished


def unknown_form_cells(sources: pl.DataFrame, indicators: Iterable[str]) -> pl.DataFrame:
    """Give the form cells that an indicator fills which could not be asked: form_cell."""
    return (
        sources.filter(pl.col("program_indicator").is_in(list(indicators)))
        .select("form_cell")
        .drop_nulls()
        .unique()
    )


def _target_org_units(
    extract: Extract, tables: MappingTables, target: TargetFrames, settings: Transfer
) -> pl.DataFrame:
    asked = pl.DataFrame({"org_unit": extract.org_units}, schema={"org_unit": pl.String})
    unlisted = settings.mapping.unlisted_org_units
    joined = with_target_org_unit(asked, tables.org_units, unlisted)
    known = pl.col("target_org_unit").is_in(target.org_units["id"].implode())
    return joined.with_columns(
        rule_id=pl.when(pl.col("target_org_unit").is_null())
        .then(pl.lit(reasons.UNMAPPED_ORG_UNIT.rule_id))
        .when(~known)
        .then(pl.lit(reasons.UNKNOWN_ORG_UNIT.rule_id)),
        target_org_unit=pl.when(known).then(pl.col("target_org_unit")),
    )


def _keys(mapping: pl.DataFrame, org_units: pl.DataFrame, extract: Extract) -> pl.DataFrame:
    """List every form cell, period and org unit once; a frame of unequal columns, nulls last."""
    parts = (
        mapping.select(FORM_CELL).unique().sort(FORM_CELL),
        pl.DataFrame({"period": sorted(extract.periods)}),
        org_units.select(org_unit="target_org_unit").drop_nulls().unique().sort("org_unit"),
    )
    return pl.concat(parts, how="diagonal")


def _mapped(work: Work, lookups: Lookups) -> Iterator[Mapped]:
    responses = read_responses(work.run, "joint", "alone")
    for response in work.stopwatch.each("parse", responses):
        yield map_rows(response.rows, response.question.categories, lookups)


def _together(parts: Iterable[Mapped]) -> Mapped:
    nothing = Mapped(
        pl.DataFrame(schema={"row": pl.UInt64, "cell": pl.UInt64, "value": pl.Float64}),
        pl.DataFrame(schema=dict.fromkeys(REJECT_COLUMNS, pl.String)),
        pl.DataFrame(schema={"cell": pl.UInt64}),
    )
    frames = zip(nothing, *parts, strict=True)
    return Mapped(*(pl.concat(same, rechunk=True) for same in frames))


def _merged(
    mapped: Mapped,
    silent: pl.DataFrame,
    lookups: Lookups,
    target: TargetFrames,
    dictionaries: Dictionaries,
) -> Merged:
    half_told = mapped.accepted.select("cell", form_cell=form_cell_number(pl.col("cell"))).join(
        silent, on="form_cell", how="semi"
    )
    doubtful = pl.concat([mapped.doubtful, half_told.select("cell")]).unique()
    value_types = dictionaries.form_cells.join(
        target.data_elements.select(data_element="id", value_type="value_type"),
        on="data_element",
        how="left",
        validate="m:1",
    ).select("value_type", form_cell="id")
    return merge_rows(mapped.accepted, doubtful, lookups, value_types)


def _count(
    run: RunFolder, mapped: Mapped, merged: Merged, rejects: pl.DataFrame, tables: MappingTables
) -> TransformRecord:
    rows = mapped.accepted.height + mapped.rejects.height
    accepted = mapped.accepted.join(merged.values, on="cell", how="semi").height
    if rows != accepted + rejects.height:
        raise TallyError(
            f"rows vanished on the way: {number(rows)} came, "
            f"{number(accepted)} were accepted and {number(rejects.height)} handed back",
            where=str(run.path),
            remedy="begin a new run, and report this with the run's folder",
        )
    return TransformRecord(
        run_id=run.run_id,
        rows=rows,
        accepted=accepted,
        rejects=rejects.height,
        values=merged.values.height,
        mapping_rows=tables.data_elements.height,
        mapping_hash=tables.fingerprint,
    )


def _write(
    run: RunFolder, merged: Merged, rejects: pl.DataFrame, dictionaries: Dictionaries
) -> None:
    write_frame(run.path / "values.parquet", unpacked(merged.values, dictionaries))
    write_frame(run.path / "rejects.parquet", rejects)
    write_frame(run.path / "doubtful.parquet", unpacked(merged.doubtful, dictionaries))


def _stop_at_threshold(told: TransformRecord, rejects: pl.DataFrame, settings: Transfer) -> None:
    counted = rejects.filter(~pl.col("rule_id").is_in(reasons.NOT_COUNTED))
    if counted.height <= told.rows * settings.rejects.max_share:
        return
    worst = counted["reason"].value_counts(sort=True).row(0)
    raise FindingsError(
        f"{number(counted.height)} of {count(told.rows, 'row')} rejected, most of them "
        f"({number(worst[1])}) because: "
        f"{worst[0]}",
        where="rejects.parquet of this run lists them all",
        remedy="mend the mapping, or raise rejects.max_share if so many are expected",
    )


def _ids(dictionary: pl.DataFrame, column: str, texts: Iterable[str]) -> pl.DataFrame:
    return dictionary.filter(pl.col(column).is_in(list(texts))).select("id")


def _record(work: Work, extract: Extract, told: TransformRecord) -> RunRecord:
    return RunRecord(
        run_id=told.run_id,
        transfer=work.name,
        started_at=extract.started_at,
        mapping_hash=told.mapping_hash,
        config_hash=config_fingerprint(work.settings),
        source_system_id=extract.source_system_id,
        target_system_id=extract.target_system_id,
        rows=told.rows,
        accepted=told.accepted,
        rejects=told.rejects,
        values=told.values,
        first_period=min(extract.periods, default=None),
        last_period=max(extract.periods, default=None),
        tally_version=__version__,
    )
