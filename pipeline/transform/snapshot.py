"""What the store remembers of a run: its record, its image and its values."""

from collections.abc import Iterable

import polars as pl

from pipeline import __version__
from pipeline.config.fingerprint import config_fingerprint
from pipeline.run.work import Work
from pipeline.store.records import Image, RunRecord, SnapshotChange
from pipeline.transform.context import TransformContext
from pipeline.transform.rules.counts import RowCounts
from pipeline.transform.rules.merging import Merged
from pipeline.transform.rules.unknown import known_form_cells


def commit(
    work: Work, context: TransformContext, counts: RowCounts, merged: Merged
) -> SnapshotChange:
    """Leave the run, its image and its values in the store; what changed since the last one."""
    return work.store.commit_snapshot(
        _record(work, context, counts),
        context.dictionaries,
        _image(context),
        merged.values,
        merged.doubtful,
    )


def _image(context: TransformContext) -> Image:
    """What was really asked and answered; a form cell with a count that was not is no part."""
    known = known_form_cells(context.lookups, context.unknown_form_cells)
    return Image(
        _ids(context.dictionaries.periods, "period", context.extract.periods),
        known.rename({"form_cell": "id"}),
        _ids(context.dictionaries.org_units, "org_unit", context.target_org_units["org_unit"]),
    )


def _ids(dictionary: pl.DataFrame, column: str, texts: Iterable[str]) -> pl.DataFrame:
    return dictionary.filter(pl.col(column).is_in(list(texts))).select("id")


def _record(work: Work, context: TransformContext, counts: RowCounts) -> RunRecord:
    extract = context.extract
    return RunRecord(
        run_id=work.run.run_id,
        transfer=work.name,
        started_at=extract.started_at,
        mapping_hash=context.tables.fingerprint,
        config_hash=config_fingerprint(work.settings),
        source_system_id=extract.source_system_id,
        target_system_id=extract.target_system_id,
        rows=counts.rows,
        accepted=counts.accepted,
        rejects=counts.rejects,
        values=counts.values,
        first_period=min(extract.periods, default=None),
        last_period=max(extract.periods, default=None),
        tally_version=__version__,
    )
