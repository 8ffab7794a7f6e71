"""Write a decided plan down, sealed, so that a load sends it and nothing else."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import polars as pl

from pipeline.config.fingerprint import config_fingerprint
from pipeline.files.frames import write_frame
from pipeline.files.whole import write_bytes, write_json
from pipeline.ledger.settling import ledger_fingerprint
from pipeline.plan.rules.guards import Alarm
from pipeline.plan.target import TargetState
from pipeline.probes.failpoints import reach
from pipeline.report.plan import PlanSummary, plan_as_markdown, summarise
from pipeline.run.seal import Seal, file_hash
from pipeline.run.work import Work


@dataclass(frozen=True)
class Basis:
    """What a plan was made from; when one of these changes, it is outdated.

    `allowed` gives, per guard that may be passed, the reason somebody gave.
    """

    state: TargetState
    mapping_hash: str
    rulings_hash: str
    made_at: datetime
    allowed: Mapping[str, str]


def keep_plan(
    work: Work,
    decided: pl.DataFrame,
    basis: Basis,
    *,
    alarms: Sequence[Alarm],
    rejects: pl.DataFrame,
    notes: Sequence[str],
) -> PlanSummary:
    """Leave plan.parquet, plan.json (the seal) and plan.md in the run's folder."""
    path = work.run.path / "plan.parquet"
    write_frame(path, decided)
    allowed = sorted(basis.allowed.items())
    seal = Seal(
        run_id=work.run.run_id,
        transfer=work.name,
        plan_sha256=file_hash(path),
        config_hash=config_fingerprint(work.settings),
        mapping_hash=basis.mapping_hash,
        target_system_id=basis.state.info.system_id,
        made_at=basis.made_at,
        alarms=tuple(alarm.as_record() for alarm in alarms),
        allowed=tuple({"guard": guard, "reason": why} for guard, why in allowed),
        ledger_hash=ledger_fingerprint(work, basis.state.known_as),
        rulings_hash=basis.rulings_hash,
    )
    summary = summarise(
        work.run.run_id,
        decided,
        basis.state.forms.display_names,
        alarms=[dict(alarm) for alarm in seal.alarms if alarm["guard"] not in basis.allowed],
        rejects=rejects,
        notes=[*notes, *_of_a_move(basis.state)],
    )
    write_bytes(work.run.path / "plan.md", plan_as_markdown(summary).encode())
    reach("plan.told")
    work.store.record_planned(work.run.run_id, dict(summary.actions.rows()), basis.made_at)
    reach("plan.recorded")
    write_json(work.run.path / "plan.json", seal.as_record())  # last: it says the plan is whole
    return summary


def _of_a_move(state: TargetState) -> list[str]:
    if state.known_as == state.info.system_id:
        return []
    there = f"what is ours was written to system {state.known_as}"
    return [f"{there}; once this plan is loaded, it is ours on system {state.info.system_id}"]
