"""At the end every planned cell has one outcome, and all of them are counted and kept."""

from pathlib import Path

import polars as pl
import pytest

from pipeline.ledger.chunks import keep_intents, keep_outcomes
from pipeline.load.context import LoadContext
from pipeline.load.finishing import finish
from pipeline.load.opening import OpenedPlan
from pipeline.run.records import LoadRecord, find_record
from pipeline.text.errors import TallyError
from schemas.frames import columns, empty
from schemas.load import LoadPlan, NumberedIntents, NumberedOutcomes, Outcomes
from schemas.plan import NewValues
from tests.load.loads import counts
from tests.load.pretend import Target, loading, rows_of
from tests.support.village import DATA_SET, in_words

PLAN = """
    month  | clinic | what  | action   | closes_ledger
    202609 | a      | cases | create   |
    202609 | b      | cases | update   |
    202609 | c      | cases | hold     |
    202610 | a      | cases | retract  |
    202610 | b      | cases | adopt    |
    202610 | c      | cases | conflict | x
"""
FIRST_CHUNK = """
    month  | clinic | what  | outcome | reason
    202610 | a      | cases | drifted | somebody typed
"""
SECOND_CHUNK = """
    month  | clinic | what  | outcome | reason
    202609 | a      | cases | loaded  | written
    202609 | b      | cases | refused | too large
"""


def keep(context: LoadContext, *chunks: str) -> None:
    for number, chunk in enumerate(chunks, start=1):
        meant, run = rows_of(chunk, NumberedIntents), context.work.run
        keep_intents(run, number, DATA_SET, meant, context.clock())
        ended = rows_of(chunk, NumberedOutcomes)
        keep_outcomes(run, number, meant, ended, context.clock())


def finished(context: LoadContext, plan: str = PLAN) -> LoadRecord:
    opened = OpenedPlan(rows_of(plan, LoadPlan), empty(NewValues), context.dictionaries, [])
    return finish(context, opened)


def test_all_is_counted_and_kept(tmp_path: Path) -> None:
    with loading(tmp_path, Target()) as context:
        keep(context, FIRST_CHUNK, SECOND_CHUNK)

        told = finished(context)

        run = context.work.run
        assert told.counts == counts(loaded=1, refused=1, drifted=1, held=1)
        assert (told.adopted, told.closed, told.requests) == (1, 1, 0)
        assert not told.is_whole
        assert find_record(run, LoadRecord) == told
        (stored,) = context.work.store.runs().filter(run_id=run.run_id).iter_rows(named=True)
        assert stored["stage"] == "loaded"


def test_what_was_not_loaded_is_kept_in_the_order_of_keys_and_the_balance_beside_it(
    tmp_path: Path,
) -> None:
    with loading(tmp_path, Target()) as context:
        keep(context, FIRST_CHUNK, SECOND_CHUNK)
        finished(context)

        kept = pl.read_parquet(context.work.run.path / "load.parquet")
        balanced = pl.read_csv(context.work.run.path / "balance.csv")

    assert tuple(kept.columns) == columns(Outcomes)
    assert in_words(kept, "outcome") == [
        ("202609", "b", "cases", "refused"),
        ("202610", "a", "cases", "drifted"),
    ]
    assert balanced.select("period", "planned", "loaded", "held", "refused", "drifted").rows() == [
        (202609, 3, 1, 1, 1, 0),
        (202610, 1, 0, 0, 0, 1),
    ]


@pytest.mark.parametrize(
    "chunks",
    [(SECOND_CHUNK,), (FIRST_CHUNK, SECOND_CHUNK, FIRST_CHUNK)],
    ids=["not at all", "twice"],
)
def test_a_cell_that_is_not_accounted_for_is_named_and_the_load_is_not_over(
    tmp_path: Path, chunks: tuple[str, ...]
) -> None:
    with loading(tmp_path, Target()) as context:
        keep(context, *chunks)

        with pytest.raises(TallyError, match=r"1 planned cell .* deCases0001/202610/ouClinic00a/"):
            finished(context)

        assert find_record(context.work.run, LoadRecord) is None
        assert context.work.store.runs()["stage"].to_list() == ["transformed"]


def test_a_plan_that_does_nothing_is_whole(tmp_path: Path) -> None:
    with loading(tmp_path, Target()) as context:
        told = finished(context, "month | clinic | what | action")

        assert told.is_whole
        assert told.counts == counts()
        assert (context.work.run.path / "balance.csv").read_text().startswith("data_element,period")
