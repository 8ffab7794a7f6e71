"""Write a decided plan down, sealed, so that a load sends it and nothing else."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import polars as pl
from pandera.typing.polars import DataFrame

from pipeline.cells.dictionaries import numbers_fingerprint
from pipeline.cells.packing import hash_of_cells
from pipeline.config.fingerprint import config_fingerprint
from pipeline.files.frames import write_frame
from pipeline.files.whole import write_bytes
from pipeline.plan.context import PlanContext
from pipeline.plan.rules.guards import Alarm
from pipeline.plan.target import TargetState
from pipeline.probes.failpoints import reach
from pipeline.report.plan import PlanSummary, plan_as_markdown, summarise
from pipeline.run.records import write_record
from pipeline.run.seal import NEW_VALUES, Seal, plan_hash
from schemas.frames import empty
from schemas.plan import KeptCells, NewValues, PlainCounts, Plan
from schemas.server import may_be_same_system


@dataclass(frozen=True)
class Basis:
    """What a plan was made from, beside its context; when one of these changes, it is outdated.

    `allowed` gives, per guard that may be passed, the reason somebody gave.
    """

    mapping_hash: str
    rulings_hash: str
    allowed: Mapping[str, str]


class Plain(NamedTuple):
    """The cells of a plan that have no row of their own, and how many there are where."""

    kept: DataFrame[KeptCells]
    new: DataFrame[NewValues]
    counts: DataFrame[PlainCounts]


NO_PLAIN = Plain(empty(KeptCells), empty(NewValues), empty(PlainCounts))


def keep_plan(
    context: PlanContext,
    decided: DataFrame[Plan],
    basis: Basis,
    plain: Plain = NO_PLAIN,
    *,
    alarms: Sequence[Alarm],
    rejects: pl.DataFrame,
    notes: Sequence[str],
) -> PlanSummary:
    """Leave plan.parquet, new_values.parquet, plan.json (the seal), plan.md in the run's folder."""
    work, state = context.work, context.state
    path = work.run.path / "plan.parquet"
    write_frame(path, decided)
    write_frame(path.with_name(NEW_VALUES), plain.new)
    summary = summarise(
        work.run.run_id,
        decided,
        state.forms.display_names,
        alarms=[alarm.as_record() for alarm in alarms if alarm.guard not in basis.allowed],
        rejects=rejects,
        notes=[*notes, *_of_a_move(state)],
        plain=plain.counts,
    )
    actions = dict(summary.actions.rows())
    allowed = sorted(basis.allowed.items())
    seal = Seal(
        run_id=work.run.run_id,
        transfer=work.name,
        plan_sha256=plan_hash(path),
        config_hash=config_fingerprint(work.settings),
        mapping_hash=basis.mapping_hash,
        target_system_id=state.info.system_id,
        made_at=context.now,
        alarms=tuple(alarm.as_record() for alarm in alarms),
        allowed=tuple({"guard": guard, "reason": why} for guard, why in allowed),
        ledger_hash=hash_of_cells(context.ledger),
        rulings_hash=basis.rulings_hash,
        actions=actions,
        kept_sha256=hash_of_cells(plain.kept),
        cells_hash=numbers_fingerprint(context.dictionaries),
    )
    write_bytes(work.run.path / "plan.md", plan_as_markdown(summary).encode())
    reach("plan.summarised")
    work.store.record_planned(work.run.run_id, actions, context.now)
    reach("plan.recorded")
    write_record(work.run, seal)  # last: it says the plan is whole
    return summary


def _of_a_move(state: TargetState) -> list[str]:
    if may_be_same_system(state.known_as, state.info.system_id):
        return []
    there = f"what is ours was written to system {state.known_as}"
    return [f"{there}; once this plan is loaded, it is ours on system {state.info.system_id}"]
