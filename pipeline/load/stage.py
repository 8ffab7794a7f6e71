"""Send exactly the sealed plan, and believe only what is read back."""

import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime

from pipeline.dhis2.data_values.imports import ImportSummary, post
from pipeline.dhis2.http.client import Client
from pipeline.dhis2.system import read_account, read_system
from pipeline.dhis2.target_metadata import read_assigned
from pipeline.ledger.settling import settle
from pipeline.load.beginning import begin_load
from pipeline.load.context import LoadContext
from pipeline.load.finishing import finish
from pipeline.load.opening import insist_on_resume, open_plan, permissions
from pipeline.load.rules.payloads import compressed, payload
from pipeline.load.rules.waiting import cells_to_write, next_chunk
from pipeline.load.sending import send_cells
from pipeline.load.throttle import Throttle, ThrottleLimits, limits_for
from pipeline.plan.rules.guards import NONE_MAY, insist_on_known
from pipeline.run.progress import Steps
from pipeline.run.records import LoadRecord, find_record
from pipeline.run.work import Work
from pipeline.text.errors import ServerError


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
    is_begun = insist_on_resume(work, resume=resume)
    info = read_system(target)
    permitted = permissions(work, info, allowed)
    settle(work, target, info, clock())
    opened = open_plan(work, info, clock(), permitted, is_begun=is_begun)
    waiting = cells_to_write(opened.plan, opened.new)
    budget = target.connection.retry_budget.total_seconds()
    context = LoadContext(
        work=work,
        client=target,
        info=info,
        throttle=Throttle(limits or limits_for(info), budget, sleep=sleep),
        clock=clock,
        dictionaries=opened.dictionaries,
        assigned=read_assigned(target, waiting.data_sets),
        account=read_account(target),
    )
    begin_load(context, opened)
    try:
        send_cells(context, waiting, steps)
    except ServerError as letter:
        letter.remedy = f"{letter.remedy}; then `tally load {work.name} --resume` goes on"
        raise
    return finish(context, opened)


def dry_run(
    work: Work, target: Client, allowed: Mapping[str, str] = NONE_MAY
) -> list[ImportSummary]:
    """Ask the server what it would do with the plan; nothing is written anywhere."""
    info = read_system(target)
    insist_on_known(allowed)
    opened = open_plan(work, info, datetime.now(tz=UTC), allowed, is_begun=False)
    waiting = cells_to_write(opened.plan, opened.new)
    most_rows = limits_for(info).most_rows
    summaries: list[ImportSummary] = []
    while waiting.height:
        chunk = next_chunk(waiting, len(summaries) + 1, most_rows, opened.dictionaries)
        body = compressed(payload(chunk.data_set, chunk.rows))
        summaries.append(post(target, body, info, dry_run=True))
        waiting = waiting.after(chunk)
    return summaries
