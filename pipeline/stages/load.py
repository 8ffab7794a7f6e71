"""Send exactly the sealed plan, and believe only what is read back."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import polars as pl

from pipeline.dhis2.client import Client
from pipeline.dhis2.data_value_sets import ImportSummary, post, read_current
from pipeline.dhis2.system import Account, SystemInfo, read_account, read_system
from pipeline.errors import AnswerLostError, UsageError
from pipeline.presenter import Steps
from pipeline.runs import read_json_or_nothing, write_json
from pipeline.stages import journal
from pipeline.stages.asking import hands
from pipeline.stages.papers import config_fingerprint, write_frame
from pipeline.stages.rulings import rulings_fingerprint
from pipeline.stages.seal import Seal, check
from pipeline.stages.settle import ledger_fingerprint, settle, write_ledger
from pipeline.stages.work import Work
from pipeline.tables import read_mapping
from pipeline.transform import outcomes
from pipeline.transform.cells import KEY, packed
from pipeline.transform.payloads import Group, cut, payload


@dataclass(frozen=True)
class Manners:
    """How a generation of servers likes to be written to, as measured on real ones."""

    most_rows: int
    in_flight: int


OLD_MANNERS = Manners(most_rows=5_000, in_flight=2)
NEW_MANNERS = Manners(most_rows=1_000, in_flight=4)


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


@dataclass(frozen=True)
class _Desk:
    work: Work
    client: Client
    info: SystemInfo
    account: Account
    clock: Callable[[], datetime]

    def current(self, group: Group) -> pl.DataFrame:
        roots = sorted(self.account.capture_roots or self.account.view_roots)
        return read_current(self.client, group.data_set, group.periods, roots).unique(KEY)


def load(
    work: Work,
    target: Client,
    steps: Steps,
    *,
    resume: bool = False,
    clock: Callable[[], datetime] = lambda: datetime.now(tz=UTC),
) -> Loaded:
    """Leave chunks/, load.parquet and load.json, and the ledger in the store.

    Raises `RefusedError` for a plan that is unsealed, altered, outdated or foreign. A plan that
    was loaded is not sent again.
    """
    before = read_json_or_nothing(work.run.path / "load.json")
    if before:
        return Loaded(**{**before, "already": True})
    info = read_system(target)
    started = bool(journal.interrupted(work.run))
    if started and not resume:
        raise UsageError(
            "the load of this run was interrupted",
            where=str(work.run.chunks),
            remedy=f"go on with `tally load {work.name} --resume`, or begin a new run",
        )
    plan = sealed_plan(work, info, clock(), resumed=resume)
    settle(work, target, info, clock())
    desk = _Desk(work, target, info, read_account(target), clock)
    manners = NEW_MANNERS if info.is_new_engine else OLD_MANNERS
    _take_notes(desk, plan)
    groups = cut(plan, manners.most_rows)
    told = [pl.DataFrame(schema=_OUTCOME)]
    steps.begin(len(groups))
    requests = 0
    with hands(manners.in_flight) as pool:
        for group in groups:
            settled, sent = _load_group(desk, group, pool)
            told.append(settled.select(list(_OUTCOME)))
            requests += sent
            steps.step(group.rows.height)
    return _finish(desk, plan, pl.concat(told), requests)


_OUTCOME = {**dict.fromkeys(KEY, pl.String), "outcome": pl.String, "reason": pl.String}


def sealed_plan(work: Work, info: SystemInfo, now: datetime, *, resumed: bool) -> pl.DataFrame:
    """Read the plan, if its seal holds."""
    path = work.run.require("plan.parquet", "plan")
    seal = Seal.from_record(work.run.read_json("plan.json", "plan"), path)
    check(
        seal,
        path,
        config_hash=config_fingerprint(work.settings),
        mapping_hash=read_mapping(work.deployment.mappings(work.name)).fingerprint,
        rulings_hash=rulings_fingerprint(work, now.date()),
        target_system_id=info.system_id,
        ledger_hash=seal.ledger_hash if resumed else ledger_fingerprint(work, info),
        now=now,
        max_age=work.settings.guards.max_plan_age,
    )
    return pl.read_parquet(path)


def dry_run(work: Work, target: Client) -> list[ImportSummary]:
    """Ask the server what it would do with the plan; nothing is written anywhere."""
    info = read_system(target)
    plan = sealed_plan(work, info, datetime.now(tz=UTC), resumed=False)
    manners = NEW_MANNERS if info.is_new_engine else OLD_MANNERS
    return [
        post(target, payload(group.data_set, chunk), info, dry_run=True)
        for group in cut(plan, manners.most_rows)
        for chunk in group.chunks
    ]


def _take_notes(desk: _Desk, plan: pl.DataFrame) -> None:
    """Tell the ledger what needs no request: adopted cells, and cells that are no longer ours."""
    dictionaries = desk.work.store.dictionaries()
    opened = packed(
        plan.filter(pl.col("action") == "adopt").select(*KEY, value="tracker_value"), dictionaries
    ).with_columns(event=pl.lit("adopted"))
    closed = packed(plan.filter("closes_ledger").select(KEY), dictionaries)
    desk.work.store.write_ledger(
        desk.work.run.run_id,
        desk.info.system_id,
        opened,
        closed.with_columns(event=pl.lit("closed")),
        desk.clock(),
    )


def _load_group(desk: _Desk, group: Group, pool: ThreadPoolExecutor) -> tuple[pl.DataFrame, int]:
    """Read, write and read back one group; every row of it gets its outcome."""
    seen = outcomes.drift(group.rows, desk.current(group))
    ready = seen.filter(pl.col("state") == "as_planned").drop("state", "now")
    others = seen.filter(pl.col("state") != "as_planned").with_columns(
        outcome=pl.when(pl.col("state") == "done")
        .then(pl.lit("unchanged"))
        .otherwise(pl.lit("drifted")),
        reason=pl.when(pl.col("state") == "done")
        .then(pl.lit(outcomes.ALREADY))
        .otherwise(pl.lit(outcomes.DRIFTED)),
    )
    if ready.is_empty():
        return others, 0
    written, requests = _write(desk, group._replace(rows=ready), pool)
    arrived = written.filter(pl.col("outcome") == "loaded")
    write_ledger(desk.work, desk.info, desk.work.run.run_id, arrived, desk.clock())
    counts = dict(written["outcome"].value_counts().rows())
    journal.confirmed(desk.work.run, group.number, counts, desk.clock())
    return pl.concat([written.select(list(_OUTCOME)), others.select(list(_OUTCOME))]), requests


def _write(desk: _Desk, group: Group, pool: ThreadPoolExecutor) -> tuple[pl.DataFrame, int]:
    size = max(chunk.height for chunk in group.chunks)
    chunks = [group.rows.slice(at, size) for at in range(0, group.rows.height, size)]
    journal.intend(desk.work.run, group)
    sent = list(
        pool.map(lambda numbered: _send(desk, group, *numbered), enumerate(chunks, start=1))
    )
    blamed = pl.concat(part for parts in sent for part in parts)
    with desk.work.stopwatch.measuring("confirm"):
        back = outcomes.read_back(blamed, desk.current(group))
    refusal = pl.coalesce("sentence", "said", pl.lit(outcomes.NOT_WRITTEN))
    return back.with_columns(
        outcome=pl.when("arrived").then(pl.lit("loaded")).otherwise(pl.lit("refused")),
        reason=pl.when("arrived").then(pl.lit(outcomes.WRITTEN)).otherwise(refusal),
    ), sum(map(len, sent))


def _send(desk: _Desk, group: Group, number: int, rows: pl.DataFrame) -> list[pl.DataFrame]:
    """Send a chunk; whoever is named in a refusal of the whole is taken out, the rest sent again.

    Gives the rows of each request that were not sent again, with `sentence` and `said`.
    """
    parts: list[pl.DataFrame] = []
    for attempt in range(1, outcomes.MOST_ROUNDS + 1):
        summary = _ask(desk, group, f"{number:02d}-{attempt}", rows)
        blamed = outcomes.blame(rows, summary.complaints).with_columns(said=_said(summary))
        waiting = blamed.filter("again").select(rows.columns)
        if waiting.is_empty() or attempt == outcomes.MOST_ROUNDS:
            return [*parts, blamed]
        parts.append(blamed.filter(~pl.col("again")))
        rows = waiting
    return parts


def _ask(desk: _Desk, group: Group, name: str, rows: pl.DataFrame) -> ImportSummary:
    """Send one request, once; a lost answer is an answer, the read-back will tell."""
    run, body = desk.work.run, payload(group.data_set, rows)
    journal.sent(run, group.number, name, body, desk.clock())
    try:
        summary = post(desk.client, body, desk.info)
    except AnswerLostError as letter:
        summary = ImportSummary(0, "LOST", letter.what)
    journal.answered(run, group.number, name, summary.as_record(), desk.clock())
    return summary


def _said(summary: ImportSummary) -> pl.Expr:
    """Tell what the server said, unless it said that all was well."""
    if summary.status == "SUCCESS":
        return pl.lit(None, pl.String)
    said = f"the server answered {summary.status} ({summary.http_status}): {summary.message}"
    return pl.when("again").then(pl.lit(outcomes.TOGETHER)).otherwise(pl.lit(said))


def _finish(desk: _Desk, plan: pl.DataFrame, told: pl.DataFrame, requests: int) -> Loaded:
    work = desk.work
    done = told.sort(KEY)
    write_frame(work.run.path / "load.parquet", done)
    counts = dict(outcomes.reconcile(done, plan["send"].count()))
    loaded = Loaded(
        run_id=work.run.run_id,
        counts=counts,
        adopted=plan.filter(pl.col("action") == "adopt").height,
        closed=plan.filter("closes_ledger").height,
        requests=requests,
    )
    work.store.record_loaded(work.run.run_id, counts, desk.clock())
    write_json(work.run.path / "load.json", loaded.as_record())
    return loaded
