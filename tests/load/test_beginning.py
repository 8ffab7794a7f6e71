"""A load notes what it is before it changes anything, and does first what needs no request."""

from pathlib import Path

from pipeline.ledger import journal
from pipeline.load.beginning import begin_load
from pipeline.load.context import LoadContext
from pipeline.load.opening import OpenedPlan
from schemas.frames import empty
from schemas.load import LedgerClosings, LedgerOpenings, LoadPlan
from schemas.plan import NewValues
from tests.load.pretend import EVERY_CELL, HERE, Target, loading, rows_of

OLD_PLAN = {"guard": "old-plan", "saw": "30 hours", "usual": "24 hours", "reason": "a feast"}
MOVED = {"guard": "another-target", "saw": "x", "usual": "y", "reason": "a new server"}
ELSEWHERE = "22222222-0000-4000-8000-000000000000"
PLAN = """
    month  | clinic | what  | action | tracker_value | closes_ledger
    202609 | a      | cases | adopt  | 5             |
    202609 | b      | cases | keep   | 6             |
    202609 | c      | cases | keep   | 7             | x
    202610 | a      | cases | create | 8             |
"""
EARLIER = """
    month  | clinic | what  | value | event
    202609 | b      | cases | 6     | loaded
    202609 | c      | cases | 7     | loaded
"""
NOTHING_PLANNED = "month | clinic | what | action"


def opened(table: str = NOTHING_PLANNED, *passes: dict[str, str]) -> OpenedPlan:
    return OpenedPlan(rows_of(table, LoadPlan), empty(NewValues), EVERY_CELL, [*passes])


def own(context: LoadContext, table: str, system_id: str = HERE) -> None:
    """Let cells be ours by an earlier load."""
    cells = rows_of(table, LedgerOpenings)
    nothing = rows_of("month | clinic | what | event", LedgerClosings)
    context.work.store.write_ledger("20261101T000000Z", system_id, cells, nothing, context.clock())


def events(context: LoadContext) -> list[tuple[str, float]]:
    told = context.work.store.ledger_events().filter(run_id=context.work.run.run_id)
    return told.select("event", "value").rows()


def ledger(context: LoadContext, system_id: str = HERE) -> list[float]:
    return sorted(context.work.store.ledger(system_id)["value"])


def test_a_load_notes_its_target_its_account_and_the_guards_it_passes(tmp_path: Path) -> None:
    target = Target()
    with loading(tmp_path, target) as context:
        begin_load(context, opened(NOTHING_PLANNED, OLD_PLAN))

        assert journal.begun(context.work.run) == journal.Begun(HERE, "tally")
        assert journal.passes_of_load(context.work.run) == [OLD_PLAN]
        assert journal.open_chunks(context.work.run) == []

    assert (target.posts, target.reads) == ([], 0)


def test_a_load_that_goes_on_notes_only_the_guards_that_are_new(tmp_path: Path) -> None:
    with loading(tmp_path, Target()) as context:
        begin_load(context, opened(NOTHING_PLANNED, OLD_PLAN))
        begin_load(context, opened(NOTHING_PLANNED, OLD_PLAN, MOVED))

        assert journal.passes_of_load(context.work.run) == [OLD_PLAN, MOVED]


def test_adopted_cells_become_ours_and_closed_ones_cease_to_be(tmp_path: Path) -> None:
    with loading(tmp_path, Target()) as context:
        own(context, EARLIER)

        begin_load(context, opened(PLAN))

        assert ledger(context) == [5, 6]
        assert events(context) == [("adopted", 5), ("closed", 7)]


def test_a_load_that_goes_on_adopts_nothing_twice(tmp_path: Path) -> None:
    with loading(tmp_path, Target()) as context:
        own(context, EARLIER)
        begin_load(context, opened(PLAN))
        before = events(context)

        begin_load(context, opened(PLAN))

        assert events(context) == before
        assert ledger(context) == [5, 6]


def test_the_ledger_follows_a_target_that_was_moved_and_the_journal_says_from_where(
    tmp_path: Path,
) -> None:
    with loading(tmp_path, Target(), system_id=ELSEWHERE) as context:
        own(context, EARLIER)

        begin_load(context, opened(NOTHING_PLANNED, MOVED))

        assert journal.begun(context.work.run) == journal.Begun(ELSEWHERE, "tally", HERE)
        assert (ledger(context, HERE), ledger(context, ELSEWHERE)) == ([], [6, 7])


def test_a_target_that_the_ledger_knows_is_followed_nowhere(tmp_path: Path) -> None:
    with loading(tmp_path, Target(), system_id=ELSEWHERE) as context:
        own(context, EARLIER)
        own(context, EARLIER, ELSEWHERE)

        begin_load(context, opened())

        assert journal.begun(context.work.run) == journal.Begun(ELSEWHERE, "tally", None)
        assert (ledger(context, HERE), ledger(context, ELSEWHERE)) == ([6, 7], [6, 7])
