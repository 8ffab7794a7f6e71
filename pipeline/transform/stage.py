"""Make values of a run's responses: every row is accepted, or a reject with a reason."""

from collections.abc import Iterator

from pandera.typing.polars import DataFrame

from pipeline.cells.packing import unpack
from pipeline.files.frames import write_frame
from pipeline.probes.failpoints import reach
from pipeline.run.records import TransformRecord, write_record
from pipeline.run.responses import read_responses
from pipeline.run.values import write_values
from pipeline.run.work import Work
from pipeline.transform.context import TransformContext, read_transform_context
from pipeline.transform.refusal import refuse_run
from pipeline.transform.rules.counts import all_rejects, are_too_many, counts_of_rows
from pipeline.transform.rules.lookups import Lookups
from pipeline.transform.rules.mapping import Mapped, map_rows, together
from pipeline.transform.rules.merging import Merged, merge_rows
from pipeline.transform.rules.unknown import with_unknown_cells
from pipeline.transform.snapshot import commit
from schemas.frames import checked
from schemas.values import CellKeys, Rejects


def transform(work: Work) -> TransformRecord:
    """Leave values.parquet, rejects.parquet and transform.json, and the snapshot in the store.

    Raises `FindingsError` when more rows were rejected than the transfer allows; the rejects
    are there to be read, and run.md names them; the snapshot is not made.
    """
    context = read_transform_context(work)
    mapped = together(_mapped(work, context.lookups))
    merged = _merged(mapped, context)
    rejects = all_rejects(mapped, merged)
    counts = counts_of_rows(mapped, merged, rejects, str(work.run.path))
    _write(work, context, merged, rejects)
    if are_too_many(rejects, counts.rows, work.settings.rejects.max_share):
        raise refuse_run(work, context, rejects, counts.rows)
    reach("transform.written")
    change = commit(work, context, counts, merged)
    work.handed_over.values = merged.values
    reach("transform.committed")
    transformed = TransformRecord(
        run_id=work.run.run_id,
        **counts._asdict(),
        mapping_rows=context.tables.data_elements.height,
        mapping_hash=context.tables.fingerprint,
        change=change,
    )
    write_record(work.run, transformed)
    return transformed


def _mapped(work: Work, lookups: Lookups) -> Iterator[Mapped]:
    """The rows of each response, mapped; the time that goes by belongs to reading them."""
    responses = read_responses(work.run, "joint", "alone")
    for response in work.stopwatch.each("parse", responses):
        yield map_rows(response.rows, response.question.categories, lookups)


def _merged(mapped: Mapped, context: TransformContext) -> Merged:
    """One number per cell; cells of which a count could not be asked are doubtful as a whole."""
    doubtful = with_unknown_cells(mapped.doubtful, mapped.accepted, context.unknown_form_cells)
    return merge_rows(
        mapped.accepted, doubtful, context.lookups, context.value_types, context.not_added
    )


def _write(
    work: Work, context: TransformContext, merged: Merged, rejects: DataFrame[Rejects]
) -> None:
    """Leave what was counted and what was not, in the columns that people read."""
    doubtful = unpack(merged.doubtful, context.dictionaries)
    write_values(work.run, merged.values, context.dictionaries)
    write_frame(work.run.path / "rejects.parquet", checked(rejects, Rejects))
    write_frame(work.run.path / "doubtful.parquet", checked(doubtful, CellKeys))
