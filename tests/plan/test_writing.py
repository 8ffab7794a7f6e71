"""A decided plan is written down with its seal, which says what it was made from."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest

from pipeline.cells.dictionaries import numbers_fingerprint
from pipeline.config.fingerprint import config_fingerprint
from pipeline.ledger.settling import ledger_fingerprint
from pipeline.plan.context import PlanContext
from pipeline.plan.rules.guards import Alarm
from pipeline.plan.writing import Basis, keep_plan
from pipeline.report.plan import PlanSummary
from pipeline.run.records import find_record, read_record
from pipeline.run.seal import PlanRecord, Seal, check
from pipeline.text.errors import RefusedError
from schemas.plan import Plan
from tests.plan.test_context import opened
from tests.support.frames import frame
from tests.support.village import DATA_SET, key_of, tracker, village
from tests.support.whole_frames import whole

KEPT = whole(
    pl.DataFrame([key_of("202610", clinic, "cases")._asdict() for clinic in "ab"]).with_columns(
        action=pl.Series(["create", "keep"]), data_set=pl.lit(DATA_SET)
    ),
    Plan,
)
GREW = Alarm("growth", "7 cells became three times as large", "at most twice")
FEWER = Alarm("shrunken-extract", "4 rows came from tracker", "at least 9")
REJECTS = frame("rule_id | reason")
BASIS = Basis("mapping", "rulings", {"shrunken-extract": "the feast", "growth": "a campaign"})


@pytest.fixture(name="context")
def opened_context(tmp_path: Path) -> Iterator[PlanContext]:
    with village(tmp_path) as post:
        tracker(post, "month | clinic | what | number\n 202610 | a | cases | 6")
        yield opened(post)


def kept(
    context: PlanContext, basis: Basis = BASIS, *alarms: Alarm, notes: tuple[str, ...] = ()
) -> PlanSummary:
    return keep_plan(context, KEPT, basis, alarms=alarms, rejects=REJECTS, notes=notes)


def test_the_seal_vouches_for_the_plan_and_for_all_that_it_was_made_from(
    context: PlanContext,
) -> None:
    kept(context)

    run, work = context.work.run, context.work
    seal = read_record(run, Seal)
    assert pl.read_parquet(run.path / "plan.parquet").equals(KEPT)
    assert (seal.run_id, seal.transfer, seal.made_at) == (run.run_id, work.name, context.now)
    assert seal.target_system_id == context.state.info.system_id
    check(
        seal,
        run.path / "plan.parquet",
        config_hash=config_fingerprint(work.settings),
        mapping_hash="mapping",
        rulings_hash="rulings",
        ledger_hash=ledger_fingerprint(work, context.state.info.system_id),
        cells_hash=numbers_fingerprint(context.dictionaries),
    )


def test_the_plan_is_counted_in_the_store_and_told_in_words(context: PlanContext) -> None:
    summary = kept(context, notes=("the register of sites is new",))

    text = (context.work.run.path / "plan.md").read_text()
    assert "the register of sites is new" in text
    assert dict(summary.actions.rows()) == {"keep": 1, "create": 1}
    assert context.work.store.runs()["stage"].to_list() == ["planned"]


def test_a_guard_that_may_be_passed_is_sealed_with_its_reason_and_no_longer_alarms(
    context: PlanContext,
) -> None:
    summary = kept(context, replace(BASIS, allowed={"growth": "a campaign"}), GREW, FEWER)

    seal = read_record(context.work.run, Seal)
    assert summary.alarms == [FEWER.as_record()]
    assert list(seal.alarms) == [GREW.as_record(), FEWER.as_record()]
    assert list(seal.allowed) == [{"guard": "growth", "reason": "a campaign"}]


def test_reasons_are_sealed_in_the_order_of_their_guards(context: PlanContext) -> None:
    kept(context)

    allowed = read_record(context.work.run, Seal).allowed
    assert [one["guard"] for one in allowed] == ["growth", "shrunken-extract"]


def test_a_plan_for_a_moved_target_says_where_what_is_ours_was_written(
    context: PlanContext,
) -> None:
    here = context.state.info.system_id
    moved = replace(context, state=replace(context.state, known_as="the-old-system"))

    summary = kept(moved)

    assert summary.notes == [
        (
            "what is ours was written to system the-old-system; "
            f"once this plan is loaded, it is ours on system {here}"
        )
    ]
    assert kept(context).notes == []


def test_a_plan_that_the_store_does_not_take_has_no_seal(context: PlanContext) -> None:
    work = context.work
    work.store.record_loaded(work.run.run_id, {}, context.now)

    with pytest.raises(RefusedError, match="it cannot be planned again"):
        kept(context)
    assert find_record(work.run, PlanRecord) is None
