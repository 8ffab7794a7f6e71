"""Open a sealed plan for its load, unless it was altered or a guard stops it."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

import polars as pl

from pipeline.config.fingerprint import config_fingerprint
from pipeline.ledger import journal
from pipeline.ledger.settling import ledger_fingerprint
from pipeline.plan.rules.guards import ANOTHER_TARGET, Alarm, alarms_of_load
from pipeline.plan.rules.policy import WRITING
from pipeline.run.folder import RunFolder
from pipeline.run.records import read_record
from pipeline.run.seal import Seal, check
from pipeline.run.work import Work
from pipeline.tables import read_mapping
from pipeline.tables.rulings import rulings_fingerprint
from pipeline.text.errors import RefusedError
from schemas.server import SystemInfo

# What a load needs of a plan's row; the rest would only be carried along.
_NEEDED = (*journal.INTENT, "current_value", "comment", "action", "closes_ledger")


class Opened(NamedTuple):
    """The cells that a load does or counts something for, and the guards that it passes.

    Each guard has its name (`guard`), what it `saw`, what is `usual`, and the `reason` given.
    """

    plan: pl.DataFrame
    passes: list[dict[str, str]]


def open_plan(
    work: Work, info: SystemInfo, now: datetime, allowed: Mapping[str, str], *, is_begun: bool
) -> Opened:
    """Read a plan that is whole, made from the present rules, and stopped by no guard.

    A plan whose load was begun may have changed the ledger.
    """
    path = work.run.require("plan.parquet", "plan")
    seal = read_record(work.run, Seal)
    known_as = work.store.known_as(info.system_id)
    check(
        seal,
        path,
        config_hash=config_fingerprint(work.settings),
        mapping_hash=read_mapping(work.deployment.mappings(work.name)).fingerprint,
        rulings_hash=rulings_fingerprint(
            work.deployment.transfer_folder(work.name),
            work.deployment.mappings(work.name),
            now.date(),
        ),
        ledger_hash=seal.ledger_hash if is_begun else ledger_fingerprint(work, known_as),
    )
    others = set(work.store.runs_in_the_ledger_since(seal.made_at)) - {work.run.run_id}
    if is_begun and others:
        raise RefusedError(
            f"run {max(others)} was loaded after this plan was made",
            where=str(path),
            remedy=f"make a new plan with `tally plan {work.name}`, and read it",
        )
    found = alarms_of_load(
        seal.target_system_id,
        info.system_id,
        now - seal.made_at,
        work.settings.guards.max_plan_age,
    )
    passes = let_pass(seal, found, allowed, work.run, is_begun=is_begun)
    plan = pl.read_parquet(path, columns=list(_NEEDED))
    counting = pl.col("action").is_in([*WRITING, "hold", "adopt"]) | pl.col("closes_ledger")
    return Opened(plan.filter(counting), passes)


def let_pass(
    seal: Seal,
    found: Sequence[Alarm],
    allowed: Mapping[str, str],
    run: RunFolder,
    *,
    is_begun: bool = False,
) -> list[dict[str, str]]:
    """Give the guards that this load passes, each with the reason, beside those the plan passed.

    `found` are the load's own alarms; `allowed` gives a reason for each guard that it may pass.
    A reason that was given for the plan also holds for its age, but not for a target that the
    plan did not know. Raises `RefusedError` when a guard stops the load.
    """
    of_plan = {entry["guard"]: entry["reason"] for entry in seal.allowed}
    reasons = {guard: why for guard, why in of_plan.items() if guard != ANOTHER_TARGET}
    reasons |= allowed
    sealed = [Alarm(**alarm) for alarm in seal.alarms if alarm["guard"] not in of_plan]
    fired = [*sealed, *found]
    stopping = [alarm for alarm in fired if alarm.guard not in reasons]
    if stopping:
        told = "; ".join(f"{one.guard}: {one.saw} (usual is {one.usual})" for one in stopping)
        options = " ".join(dict.fromkeys(f"--allow {one.guard}" for one in stopping))
        resume = "--resume " if is_begun else ""
        raise RefusedError(
            f"a guard stops this load: {told}",
            where=str(run.path / "plan.md"),
            remedy=f"if this is right, go on with `tally load {seal.transfer} --run {run.run_id} "
            f'{resume}{options} --reason "…"`; if not, make a new plan, and read it',
        )
    return [alarm.as_record() | {"reason": reasons[alarm.guard]} for alarm in fired]
