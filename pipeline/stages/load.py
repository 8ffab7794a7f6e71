"""Send exactly the sealed plan, and believe only what is read back."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import polars as pl

from pipeline.dhis2.client import Client
from pipeline.dhis2.data_value_sets import ImportSummary, post
from pipeline.dhis2.system import SystemInfo, read_account, read_system
from pipeline.errors import RefusedError, ServerError, TallyError, UsageError
from pipeline.failpoints import reach
from pipeline.presenter import Steps
from pipeline.runs import read_json_or_nothing, whole_file, write_json
from pipeline.stages import journal
from pipeline.stages.asking import hands
from pipeline.stages.manners import Manners, Pace, manners_for
from pipeline.stages.papers import config_fingerprint, write_frame
from pipeline.stages.rulings import rulings_fingerprint
from pipeline.stages.seal import Seal, check
from pipeline.stages.sending import Desk, send_chunk
from pipeline.stages.settle import confirm, ledger_fingerprint, settle
from pipeline.stages.work import Work
from pipeline.tables import read_mapping
from pipeline.transform.balance import balance, totals, unbalanced
from pipeline.transform.cells import KEY, extend, in_order, numbered, packed
from pipeline.transform.payloads import compressed, first_chunk, payload, writing
from pipeline.transform.plan import WRITING

# What a load needs of a plan's row; the rest would only be carried along.
_NEEDED = (*journal.INTENT, "current_value", "comment", "action", "closes_ledger")


@dataclass(frozen=True)
class Loaded:
    """What became of a plan: every planned cell has one outcome."""

    run_id: str
    counts: dict[str, int]
    adopted: int
    closed: int
    requests: int
    already: bool = False

    @property
    def is_whole(self) -> bool:
        """Tell whether everything that was planned is in the target."""
        return not (self.counts["drifted"] or self.counts["refused"])

    def as_record(self) -> dict[str, Any]:
        """Give the outcome as JSON keeps it."""
        return dict(vars(self))


def load(
    work: Work,
    target: Client,
    steps: Steps,
    *,
    resume: bool = False,
    manners: Manners | None = None,
    clock: Callable[[], datetime] = lambda: datetime.now(tz=UTC),
    sleep: Callable[[float], None] = time.sleep,
) -> Loaded:
    """Leave chunks/, load.parquet, balance.csv and load.json, and the ledger in the store.

    Raises `RefusedError` for a plan that is unsealed, altered, outdated or foreign. A plan that
    was loaded is not sent again; one whose load was interrupted goes on where it stopped.
    `manners` are those measured for the server's generation, unless others are given.
    """
    before = read_json_or_nothing(work.run.path / "load.json")
    if before:
        return Loaded(**{**before, "already": True})
    work.run.require("plan.parquet", "plan")
    is_begun = journal.begun(work.run) is not None
    if is_begun and not resume:
        raise UsageError(
            "the load of this run was interrupted",
            where=str(work.run.chunks),
            remedy=f"go on with `tally load {work.name} --resume`, or begin a new run",
        )
    info = read_system(target)
    settle(work, target, info, clock())
    plan = sealed_plan(work, info, clock(), is_begun=is_begun)
    budget = target.connection.retry_budget.total_seconds()
    manners = manners or manners_for(info)
    pace = Pace(manners, budget, sleep=sleep)
    dictionaries = extend(work.store.dictionaries(), plan.select(KEY))
    desk = Desk(work, target, info, read_account(target), pace, clock, dictionaries)
    if not is_begun:
        journal.begin(work.run, journal.Begun(info.system_id, desk.account.username), desk.clock())
    reach("load.begun")
    plan = numbered(plan, dictionaries)
    _take_notes(desk, plan)
    reach("load.noted")
    try:
        _send(desk, plan, steps, manners.most_in_flight)
    except ServerError as letter:
        letter.remedy = f"{letter.remedy}; then `tally load {work.name} --resume` goes on"
        raise
    return _finish(desk, plan)


def sealed_plan(work: Work, info: SystemInfo, now: datetime, *, is_begun: bool) -> pl.DataFrame:
    """Read the cells of a plan that a load does or counts something for, if its seal holds.

    A plan whose load was begun may have changed the ledger.
    """
    path = work.run.require("plan.parquet", "plan")
    seal = Seal.from_record(work.run.read_json("plan.json", "plan"), path)
    check(
        seal,
        path,
        config_hash=config_fingerprint(work.settings),
        mapping_hash=read_mapping(work.deployment.mappings(work.name)).fingerprint,
        rulings_hash=rulings_fingerprint(work, now.date()),
        target_system_id=info.system_id,
        ledger_hash=seal.ledger_hash if is_begun else ledger_fingerprint(work, info),
        now=now,
        max_age=work.settings.guards.max_plan_age,
    )
    others = set(work.store.runs_in_the_ledger_since(seal.made_at)) - {work.run.run_id}
    if is_begun and others:
        raise RefusedError(
            f"run {max(others)} was loaded after this plan was made",
            where=str(path),
            remedy="make a new plan, and read it",
        )
    plan = pl.read_parquet(path, columns=list(_NEEDED))
    return plan.filter(
        pl.col("action").is_in([*WRITING, "hold", "adopt"]) | pl.col("closes_ledger")
    )


def dry_run(work: Work, target: Client) -> list[ImportSummary]:
    """Ask the server what it would do with the plan; nothing is written anywhere."""
    info = read_system(target)
    waiting = writing(sealed_plan(work, info, datetime.now(tz=UTC), is_begun=False))
    manners = manners_for(info)
    told: list[ImportSummary] = []
    while not waiting.is_empty():
        chunk = first_chunk(waiting, len(told) + 1, manners.most_rows)
        body = compressed(payload(chunk.data_set, chunk.rows))
        told.append(post(target, body, info, dry_run=True))
        waiting = waiting.slice(chunk.rows.height)
    return told


def _take_notes(desk: Desk, plan: pl.DataFrame) -> None:
    """Tell the ledger what needs no request: adopted cells, and cells that are no longer ours."""
    adopted = plan.filter(pl.col("action") == "adopt").select(*KEY, value="tracker_value")
    opened = packed(adopted, desk.dictionaries).with_columns(event=pl.lit("adopted"))
    closed = packed(plan.filter("closes_ledger").select(KEY), desk.dictionaries)
    desk.work.store.write_ledger(
        desk.work.run.run_id,
        desk.info.system_id,
        opened,
        closed.with_columns(event=pl.lit("closed")),
        desk.clock(),
    )


def _send(desk: Desk, plan: pl.DataFrame, steps: Steps, most_in_flight: int) -> None:
    """Send, chunk by chunk, whatever has no outcome yet; each is read just before it goes out."""
    run, pace = desk.work.run, desk.pace
    told = numbered(journal.told(run), desk.dictionaries)
    waiting = writing(plan).join(told, on="cell", how="anti", maintain_order="left")
    steps.begin(waiting.height, of_rows=True)
    number, look = journal.next_number(run), None
    with hands(most_in_flight) as pool:
        while not waiting.is_empty():
            desk.breathe()
            most = pace.rows_of_a_chunk(str(waiting["data_set"][0]))
            chunk = first_chunk(waiting, number, most)
            if look is None or not look.covers(chunk):
                look = desk.look(chunk)
            told, look = send_chunk(desk, chunk, look, pool)
            confirm(desk.work, desk.info, run, chunk, told, desk.clock())
            steps.step(chunk.rows.height)
            waiting, number = waiting.slice(chunk.rows.height), number + 1


def _finish(desk: Desk, plan: pl.DataFrame) -> Loaded:
    """Tell what became of every planned cell; raises `TallyError` when one is not accounted for."""
    run = desk.work.run
    told = in_order(journal.told(run), KEY)
    lost = unbalanced(plan, numbered(told, desk.dictionaries))
    if not lost.is_empty():
        raise TallyError(
            f"{lost.height} planned cells have no outcome, or two: {'/'.join(lost.row(0))}",
            where=str(run.chunks),
            remedy="make a new plan, and report this with the run's folder",
        )
    balanced = balance(plan, told)
    write_frame(run.path / "load.parquet", told)
    with whole_file(run.path / "balance.csv") as path:
        balanced.write_csv(path)
    loaded = Loaded(
        run_id=run.run_id,
        counts=totals(balanced),
        adopted=int((plan["action"] == "adopt").sum()),
        closed=int(plan["closes_ledger"].sum()),
        requests=journal.requests(run),
    )
    reach("load.counted")
    desk.work.store.record_loaded(run.run_id, loaded.counts, desk.clock())
    reach("load.recorded")
    write_json(run.path / "load.json", loaded.as_record())
    return loaded
