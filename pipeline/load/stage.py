"""Send exactly the sealed plan, and believe only what is read back."""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime

import polars as pl

from pipeline.cells.key import KEY
from pipeline.cells.order import sort_by_key
from pipeline.cells.packing import extend, numbered, packed
from pipeline.dhis2.data_value_sets import ImportSummary, post
from pipeline.dhis2.http.client import Client
from pipeline.dhis2.in_order import thread_pool
from pipeline.dhis2.system import read_account, read_system
from pipeline.dhis2.target_metadata import read_assigned
from pipeline.files.frames import write_frame
from pipeline.files.whole import whole_file
from pipeline.ledger import journal
from pipeline.ledger.settling import confirm, settle
from pipeline.load.opening import open_plan
from pipeline.load.rules.balance import balance, totals, unbalanced
from pipeline.load.rules.payloads import Chunk, compressed, first_chunk, payload, writing
from pipeline.load.sending import LoadContext, send_chunk
from pipeline.load.throttle import Throttle, ThrottleLimits, limits_for
from pipeline.plan.rules.guards import NONE_MAY, insist_on_known
from pipeline.probes.failpoints import reach
from pipeline.run.progress import Steps
from pipeline.run.records import LoadRecord, find_record, write_record
from pipeline.run.work import Work
from pipeline.text.errors import RefusedError, ServerError, TallyError, UsageError
from pipeline.text.wording import count
from schemas.server import SystemInfo

# Cells, and seconds, that may wait for the ledger.
MOST_UNCONFIRMED = 500_000
LONGEST_UNCONFIRMED = 20.0


def load(
    work: Work,
    target: Client,
    steps: Steps,
    allowed: Mapping[str, str] = NONE_MAY,
    *,
    resume: bool = False,
    limits: ThrottleLimits | None = None,
    clock: Callable[[], datetime] = lambda: datetime.now(tz=UTC),
    sleep: Callable[[float], None] = time.sleep,
) -> LoadRecord:
    """Leave chunks/, load.parquet, balance.csv and load.json, and the ledger in the store.

    Raises `RefusedError` for a plan that is unsealed, altered or outdated, and for one that a
    guard stops; `allowed` gives, per guard that may be passed, the reason somebody gave. A plan
    that was loaded is not sent again; one whose load was interrupted goes on where it stopped.
    `limits` are those measured for the server's generation, unless others are given.
    """
    if before := find_record(work.run, LoadRecord):
        return replace(before, already=True)
    work.run.require("plan.parquet", "plan")
    is_begun = journal.begun(work.run) is not None
    if is_begun and not resume:
        raise UsageError(
            "the load of this run was interrupted",
            where=str(work.run.chunks),
            remedy=f"go on with `tally load {work.name} --resume`, or begin a new run",
        )
    info = read_system(target)
    allowed = _permissions(work, info, allowed)
    settle(work, target, info, clock())
    plan, passes = open_plan(work, info, clock(), allowed, is_begun=is_begun)
    budget = target.connection.retry_budget.total_seconds()
    limits = limits or limits_for(info)
    throttle = Throttle(limits, budget, sleep=sleep)
    dictionaries = extend(work.store.dictionaries(), plan.select(KEY))
    data_sets = writing(plan)["data_set"].unique().sort().to_list()
    assigned = read_assigned(target, data_sets)
    account = read_account(target)
    context = LoadContext(work, target, info, account, throttle, clock, dictionaries, assigned)
    _begin(context, passes, is_begun=is_begun)
    reach("load.begun")
    plan = numbered(plan, dictionaries)
    _follow(context)
    _take_notes(context, plan)
    reach("load.noted")
    try:
        _send(context, plan, steps, limits.most_in_flight)
    except ServerError as letter:
        letter.remedy = f"{letter.remedy}; then `tally load {work.name} --resume` goes on"
        raise
    return _finish(context, plan)


def _permissions(work: Work, info: SystemInfo, allowed: Mapping[str, str]) -> dict[str, str]:
    """Give the reasons for passing guards: those given now, and those that a load began with.

    Raises `RefusedError` when that load was begun into another system: half of it is there.
    """
    insist_on_known(allowed)
    begun = journal.begun(work.run)
    if begun is None:
        return dict(allowed)
    if begun.target_system_id != info.system_id:
        raise RefusedError(
            f"the load of this run was begun into system {begun.target_system_id}, and the "
            f"target is system {info.system_id}",
            where=str(work.run.chunks),
            remedy="look whether the address is right; if it is, begin a new run",
        )
    return {one["guard"]: one["reason"] for one in journal.passes_of_load(work.run)} | {**allowed}


def dry_run(
    work: Work, target: Client, allowed: Mapping[str, str] = NONE_MAY
) -> list[ImportSummary]:
    """Ask the server what it would do with the plan; nothing is written anywhere."""
    info = read_system(target)
    insist_on_known(allowed)
    opened = open_plan(work, info, datetime.now(tz=UTC), allowed, is_begun=False)
    waiting = writing(opened.plan)
    limits = limits_for(info)
    told: list[ImportSummary] = []
    while not waiting.is_empty():
        chunk = first_chunk(waiting, len(told) + 1, limits.most_rows)
        body = compressed(payload(chunk.data_set, chunk.rows))
        told.append(post(target, body, info, dry_run=True))
        waiting = waiting.slice(chunk.rows.height)
    return told


def _begin(context: LoadContext, passes: Sequence[Mapping[str, str]], *, is_begun: bool) -> None:
    """Keep that this load begins and which guards it passes, before it changes anything."""
    run, here = context.work.run, context.info.system_id
    if is_begun:
        journal.resume(run, passes, context.clock())
        return
    known_as = context.work.store.known_as(here)
    moved_from = known_as if known_as != here else None
    begun = journal.Begun(here, context.account.username, moved_from)
    journal.begin(run, begun, passes, context.clock())


def _follow(context: LoadContext) -> None:
    """Let the ledger follow a target that was moved, as a guard was told; then it is ours again.

    Not before a load: until then nobody acted on the permission, and a plan changes nothing.
    """
    store, here = context.work.store, context.info.system_id
    if (known_as := store.known_as(here)) != here:
        store.move_ledger(context.work.run.run_id, known_as, here, context.clock())


def _take_notes(context: LoadContext, plan: pl.DataFrame) -> None:
    """Tell the ledger what needs no request: adopted cells, and cells that are no longer ours."""
    adopted = plan.filter(pl.col("action") == "adopt").select(*KEY, value="tracker_value")
    opened = packed(adopted, context.dictionaries).with_columns(event=pl.lit("adopted"))
    closed = packed(plan.filter("closes_ledger").select(KEY), context.dictionaries)
    context.work.store.write_ledger(
        context.work.run.run_id,
        context.info.system_id,
        opened,
        closed.with_columns(event=pl.lit("closed")),
        context.clock(),
    )


def _send(context: LoadContext, plan: pl.DataFrame, steps: Steps, most_in_flight: int) -> None:
    """Send, chunk by chunk, whatever has no outcome yet; each is read just before it goes out."""
    run, throttle = context.work.run, context.throttle
    told = numbered(journal.told(run), context.dictionaries)
    waiting = writing(plan).join(told, on="cell", how="anti", maintain_order="left")
    steps.begin(waiting.height, of_rows=True)
    number, current = journal.next_number(run), None
    with thread_pool(most_in_flight) as pool, _confirming(context) as read_back:
        while not waiting.is_empty():
            context.wait_for_turn()
            most = throttle.rows_of_a_chunk(str(waiting["data_set"][0]))
            chunk = first_chunk(waiting, number, most)
            if current is None or not current.covers(chunk):
                current = context.read_current(chunk)
            told, current = send_chunk(context, chunk, current, pool)
            read_back(chunk, told)
            steps.step(chunk.rows.height)
            waiting, number = waiting.slice(chunk.rows.height), number + 1


@contextmanager
def _confirming(context: LoadContext) -> Iterator[Callable[[Chunk, pl.DataFrame], None]]:
    """Take chunks that were read back, and confirm several at a time, the last ones at the end.

    To write the ledger costs much the same for one chunk as for many. One that is not confirmed
    when the process is killed is read back once more, so none waits for long.
    """
    waiting: list[tuple[Chunk, pl.DataFrame]] = []
    began = 0.0

    def confirm_all() -> None:
        confirm(context.work, context.info.system_id, context.work.run, waiting, context.clock())
        waiting.clear()

    def take(chunk: Chunk, told: pl.DataFrame) -> None:
        nonlocal began
        began = began if waiting else context.throttle.ticks()
        waiting.append((chunk, told))
        cells = sum(chunk.rows.height for chunk, _ in waiting)
        if cells >= MOST_UNCONFIRMED or context.throttle.ticks() - began >= LONGEST_UNCONFIRMED:
            confirm_all()

    try:
        yield take
    finally:
        confirm_all()


def _finish(context: LoadContext, plan: pl.DataFrame) -> LoadRecord:
    """Tell what became of every planned cell; raises `TallyError` when one is not accounted for."""
    run = context.work.run
    told = sort_by_key(numbered(journal.told(run), context.dictionaries), context.dictionaries)
    lost = unbalanced(plan, told)
    if not lost.is_empty():
        raise TallyError(
            f"what became of {count(lost.height, 'planned cell')} was told not at all or twice: "
            f"{'/'.join(lost.row(0))}",
            where=str(run.chunks),
            remedy="report this with the run's folder; the next plan reads all of it back",
        )
    balanced = balance(plan, told)
    write_frame(run.path / "load.parquet", told.drop("cell"))
    with whole_file(run.path / "balance.csv") as path:
        balanced.write_csv(path)
    loaded = LoadRecord(
        run_id=run.run_id,
        counts=totals(balanced),
        adopted=int((plan["action"] == "adopt").sum()),
        closed=int(plan["closes_ledger"].sum()),
        requests=journal.requests(run),
    )
    reach("load.counted")
    context.work.store.record_loaded(run.run_id, loaded.counts, context.clock())
    reach("load.recorded")
    write_record(run, loaded)
    return loaded
