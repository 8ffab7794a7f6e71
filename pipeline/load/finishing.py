"""What became of the whole plan: every planned cell has one outcome, and all are counted."""

from pandera.typing.polars import DataFrame

from pipeline.cells.order import sort_by_key
from pipeline.cells.packing import with_cell
from pipeline.files.frames import write_frame
from pipeline.files.whole import whole_file
from pipeline.ledger import journal
from pipeline.ledger.chunks import outcomes_of
from pipeline.load.context import LoadContext
from pipeline.load.rules.balance import balance, totals, unbalanced
from pipeline.probes.failpoints import reach
from pipeline.run.records import Extract, LoadRecord, find_record, write_record
from pipeline.text.errors import TallyError
from pipeline.text.wording import count
from schemas.frames import columns, trusted
from schemas.load import LoadPlan, NumberedOutcomes, Outcomes


def finish(context: LoadContext, plan: DataFrame[LoadPlan]) -> LoadRecord:
    """Leave load.parquet, balance.csv and load.json, and the counts in the store.

    Raises `TallyError` when a planned cell is not accounted for.
    """
    run = context.work.run
    kept = with_cell(outcomes_of(run), context.dictionaries)
    outcomes = trusted(sort_by_key(kept, context.dictionaries), NumberedOutcomes)
    lost = unbalanced(plan, outcomes)
    if not lost.is_empty():
        raise TallyError(
            f"what became of {count(lost.height, 'planned cell')} was told not at all or twice: "
            f"{'/'.join(lost.row(0))}",
            where=str(run.chunks),
            remedy="report this with the run's folder; the next plan reads all of it back",
        )
    balanced = balance(plan, outcomes)
    write_frame(run.path / "load.parquet", outcomes.select(columns(Outcomes)))
    with whole_file(run.path / "balance.csv") as path:
        balanced.write_csv(path)
    extract = find_record(run, Extract)  # none where a run is undone
    loaded = LoadRecord(
        run_id=run.run_id,
        counts=totals(balanced),
        adopted=int((plan["action"] == "adopt").sum()),
        closed=int(plan["closes_ledger"].sum()),
        requests=journal.requests(run),
        unknown_indicators=extract.unknown_indicators if extract else {},
    )
    reach("load.counted")
    context.work.store.record_loaded(run.run_id, loaded.counts, context.clock())
    reach("load.recorded")
    write_record(run, loaded)
    return loaded
