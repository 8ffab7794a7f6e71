"""What became of the whole plan: every planned cell has one outcome, and all are counted."""

import polars as pl
from pandera.typing.polars import DataFrame

from pipeline.cells.key import KEY
from pipeline.cells.packing import unpack
from pipeline.files.frames import write_frame
from pipeline.files.whole import whole_file
from pipeline.ledger import journal
from pipeline.ledger.chunks import cells_loaded, exceptions_of
from pipeline.load.context import LoadContext
from pipeline.load.opening import OpenedPlan
from pipeline.load.rules.balance import balance, counted_cells, totals, unbalanced
from pipeline.plan.rules.policy import WRITING
from pipeline.probes.failpoints import reach
from pipeline.run.records import Extract, LoadRecord, find_record, write_record
from pipeline.text.errors import TallyError
from pipeline.text.wording import count
from schemas.frames import columns
from schemas.load import NumberedOutcomes, Outcomes


def finish(context: LoadContext, opened: OpenedPlan) -> LoadRecord:
    """Leave load.parquet, balance.csv and load.json, and the counts in the store.

    Raises `TallyError` when a planned cell is not accounted for.
    """
    run = context.work.run
    loaded, others = cells_loaded(run), exceptions_of(run)
    _insist_on_all(context, opened, pl.concat([loaded, others["cell"]]))
    balanced = _balance(context, opened, loaded, others)
    told = others.select(columns(Outcomes)).sort(KEY)
    write_frame(run.path / "load.parquet", told)
    with whole_file(run.path / "balance.csv") as path:
        balanced.write_csv(path)
    extract = find_record(run, Extract)  # none where a run is undone
    record = LoadRecord(
        run_id=run.run_id,
        counts=totals(balanced),
        adopted=int((opened.plan["action"] == "adopt").sum()),
        closed=int(opened.plan["closes_ledger"].sum()),
        requests=journal.requests(run),
        unknown_indicators=extract.unknown_indicators if extract else {},
    )
    reach("load.counted")
    context.work.store.record_loaded(run.run_id, record.counts, context.clock())
    reach("load.recorded")
    write_record(run, record)
    return record


def _insist_on_all(context: LoadContext, opened: OpenedPlan, ended: pl.Series) -> None:
    """Raise `TallyError` unless every cell that was to be written has one outcome."""
    decided = opened.plan.filter(pl.col("action").is_in(WRITING))["cell"]
    lost = unbalanced(pl.concat([decided, opened.new["cell"]]), ended)
    if lost.is_empty():
        return
    first = unpack(lost.head(1).to_frame("cell"), context.dictionaries)
    raise TallyError(
        f"what became of {count(lost.len(), 'planned cell')} was told not at all or twice: "
        f"{'/'.join(map(str, first.row(0)))}",
        where=str(context.work.run.chunks),
        remedy="report this with the run's folder; the next plan reads all of it back",
    )


def _balance(
    context: LoadContext,
    opened: OpenedPlan,
    loaded: pl.Series,
    others: DataFrame[NumberedOutcomes],
) -> pl.DataFrame:
    known, new = context.dictionaries, opened.new["cell"]
    where = ("data_element", "period")
    decided = opened.plan.group_by(*where, "action").agg(cells=pl.len().cast(pl.Int64))
    created = counted_cells(new, known).with_columns(action=pl.lit("create"))
    exceptions = others.group_by(*where, "outcome").agg(cells=pl.len().cast(pl.Int64))
    arrived = counted_cells(loaded, known).with_columns(outcome=pl.lit("loaded"))
    return balance(
        pl.concat([decided, created], how="diagonal"),
        pl.concat([exceptions, arrived], how="diagonal"),
    )
