"""Open a sealed plan for its load, unless it was altered or a guard stops it."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

import polars as pl
from pandera.typing.polars import DataFrame

from pipeline.cells.dictionaries import Dictionaries, extend, numbers_fingerprint
from pipeline.cells.key import KEY
from pipeline.cells.packing import with_cell
from pipeline.config.fingerprint import config_fingerprint
from pipeline.ledger import journal
from pipeline.ledger.settling import ledger_fingerprint
from pipeline.plan.rules.guards import ANOTHER_TARGET, Alarm, alarms_of_load, insist_on_known
from pipeline.plan.rules.policy import WRITING
from pipeline.run.folder import RunFolder
from pipeline.run.records import read_record
from pipeline.run.seal import NEW_VALUES, Seal, check
from pipeline.run.work import Work
from pipeline.tables import read_mapping
from pipeline.tables.rulings import rulings_fingerprint
from pipeline.text.errors import RefusedError, UsageError
from schemas.frames import columns, trusted
from schemas.load import LoadPlan
from schemas.plan import NewValues
from schemas.server import SystemInfo, may_be_same_system


class OpenedPlan(NamedTuple):
    """The cells that a load does or counts something for, and the guards that it passes.

    `plan` has the cells that were decided one by one, `new` those that are created as tracker has
    them; `dictionaries` number them all. Each guard has its name (`guard`), what it
    `saw`, what is `usual`, and the `reason` given.
    """

    plan: DataFrame[LoadPlan]
    new: DataFrame[NewValues]
    dictionaries: Dictionaries
    passes: list[dict[str, str]]


def insist_on_resume(work: Work, *, resume: bool) -> bool:
    """Whether this run's load was begun; `UsageError` when it was, and is not to be resumed."""
    work.run.require("plan.parquet", "plan")
    is_begun = journal.begun(work.run) is not None
    if is_begun and not resume:
        raise UsageError(
            "the load of this run was interrupted",
            where=str(work.run.chunks),
            remedy=f"go on with `tally load {work.name} --resume`, or begin a new run",
        )
    return is_begun


def permissions(work: Work, info: SystemInfo, allowed: Mapping[str, str]) -> dict[str, str]:
    """The reasons for passing guards: those given now, and those that a load began with.

    Raises `RefusedError` when that load was begun into another system: half of it is there.
    """
    insist_on_known(allowed)
    begun = journal.begun(work.run)
    if begun is None:
        return dict(allowed)
    if not may_be_same_system(begun.target_system_id, info.system_id):
        raise RefusedError(
            f"the load of this run was begun into system {begun.target_system_id}, and the "
            f"target is system {info.system_id}",
            where=str(work.run.chunks),
            remedy="look whether the address is right; if it is, begin a new run",
        )
    return {one["guard"]: one["reason"] for one in journal.passes_of_load(work.run)} | {**allowed}


def open_plan(
    work: Work, info: SystemInfo, now: datetime, allowed: Mapping[str, str], *, is_begun: bool
) -> OpenedPlan:
    """Read a plan that is whole, made from the present rules, and stopped by no guard.

    A plan whose load was begun may have changed the ledger.
    """
    path = work.run.require("plan.parquet", "plan")
    seal = read_record(work.run, Seal)
    dictionaries = work.store.dictionaries()
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
        cells_hash=numbers_fingerprint(dictionaries, seal.cells_hash),
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
    return OpenedPlan(*_read_plan(path, dictionaries), passes)


def _read_plan(
    path: Path, known: Dictionaries
) -> tuple[DataFrame[LoadPlan], DataFrame[NewValues], Dictionaries]:
    """Read what a load needs of a plan, and number the cells of its rows.

    The seal says that these are the bytes that the plan stage checked and wrote.
    """
    needed = [name for name in columns(LoadPlan) if name != "cell"]
    plan = pl.read_parquet(path, columns=needed).select(needed)
    counting = pl.col("action").is_in([*WRITING, "hold", "adopt"]) | pl.col("closes_ledger")
    cells = plan.filter(counting)
    dictionaries = extend(known, cells.select(KEY))
    new = trusted(pl.read_parquet(path.with_name(NEW_VALUES)), NewValues)
    return trusted(with_cell(cells, dictionaries), LoadPlan), new, dictionaries


def let_pass(
    seal: Seal,
    found: Sequence[Alarm],
    allowed: Mapping[str, str],
    run: RunFolder,
    *,
    is_begun: bool = False,
) -> list[dict[str, str]]:
    """The guards that this load passes, each with the reason, beside those the plan passed.

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
        seen = "; ".join(f"{one.guard}: {one.saw} (usual is {one.usual})" for one in stopping)
        options = " ".join(dict.fromkeys(f"--allow {one.guard}" for one in stopping))
        resume = "--resume " if is_begun else ""
        raise RefusedError(
            f"a guard stops this load: {seen}",
            where=str(run.path / "plan.md"),
            remedy=f"if this is right, go on with `tally load {seal.transfer} --run {run.run_id} "
            f'{resume}{options} --reason "…"`; if not, make a new plan, and read it',
        )
    return [alarm.as_record() | {"reason": reasons[alarm.guard]} for alarm in fired]
