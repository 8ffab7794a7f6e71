"""Chunk by chunk is read, written and read back, until nothing waits any more."""

from pathlib import Path

import pytest

from pipeline.cells.key import KEY
from pipeline.ledger.chunks import intents_of, keep_intents, keep_outcomes, outcomes_of
from pipeline.load import throttle
from pipeline.load.context import LoadContext
from pipeline.load.rules.judging import ALREADY, DRIFTED, LEFT_THE_DATA_SET
from pipeline.load.sending import send_cells
from pipeline.load.throttle import ThrottleLimits
from pipeline.run.progress import Silence
from pipeline.text.errors import ServerError
from schemas.load import NumberedIntents, NumberedOutcomes
from tests.load.pretend import Target, loading, loses_its_answer, only_says, rows_of, takes, waiting
from tests.support.village import DATA_SET, in_words, lines

ROWS = """
    month  | clinic | what  | send
    202609 | a      | cases | 1
    202609 | b      | cases | 2
    202610 | a      | cases | 3
    202610 | b      | cases | 4
"""
AS_PLANNED = lines(ROWS.replace("send", "number"))
ONE_BY_ONE = ThrottleLimits(fewest_rows=1, most_rows=1, most_in_flight=1)
LONG_MONTH = """
    month  | clinic | what     | send
    202609 | a      | cases    | 1
    202609 | a      | enrolled | 2
    202609 | b      | cases    | 3
    202609 | b      | enrolled | 4
    202609 | c      | cases    | 5
    202609 | c      | enrolled | 6
"""


TURNS = 4


@pytest.fixture(autouse=True)
def short_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(throttle, "TURNS_OF_A_CHUNK", TURNS)


class Heard(Silence):
    """Hears of how many rows a load begins with, and which steps it takes."""

    def __init__(self) -> None:
        self.told: list[int] = []

    def begin(self, total: int, *, of_rows: bool = False) -> None:
        assert of_rows
        self.told.append(total)

    def step(self, rows: int = 0) -> None:
        self.told.append(rows)


def sent(context: LoadContext, rows: str = ROWS) -> list[tuple[str, ...]]:
    """Send rows; what is kept of them, in words."""
    send_cells(context, waiting(rows), Silence())
    return in_words(outcomes_of(context.work.run).sort(KEY), "outcome", "reason")


def ours(context: LoadContext) -> int:
    return context.work.store.ledger(context.info.system_id).height


def test_what_fits_together_is_read_written_and_read_back_once(tmp_path: Path) -> None:
    target, heard = Target(), Heard()
    with loading(tmp_path, target) as context:
        send_cells(context, waiting(ROWS), heard)

        assert target.posts == [AS_PLANNED]
        assert target.reads == 2
        assert heard.told == [4, 4]
        assert set(outcomes_of(context.work.run)["outcome"]) == {"loaded"}
        assert ours(context) == 4


def test_a_month_too_long_for_one_chunk_is_cut_between_two_sites_which_alone_are_read(
    tmp_path: Path,
) -> None:
    target = Target()
    with loading(tmp_path, target, limits=ONE_BY_ONE) as context:
        send_cells(context, waiting(LONG_MONTH), Silence())

        assert intents_of(context.work.run, 1).height == TURNS
        assert intents_of(context.work.run, 2).height == 6 - TURNS

    assert [len(post) for post in target.posts] == [1] * 6
    assert target.reads == 4


def test_what_is_not_sure_is_read_again_before_the_next_chunk(tmp_path: Path) -> None:
    target = Target()
    target.answers = [loses_its_answer]
    with loading(tmp_path, target, limits=ONE_BY_ONE) as context:
        send_cells(context, waiting(LONG_MONTH), Silence())

    first = 2 + 2 * 3  # before and after, and around each of the three rows that had to wait
    assert target.reads == first + 2
    assert target.lines == lines(LONG_MONTH.replace("send", "number"))


def test_what_has_an_outcome_already_is_not_sent_again(tmp_path: Path) -> None:
    target, heard = Target(), Heard()
    kept = """
        month  | clinic | what  | outcome | reason
        202609 | a      | cases | refused | the server would not
    """
    with loading(tmp_path, target) as context:
        meant, run = rows_of(kept, NumberedIntents), context.work.run
        keep_intents(run, 1, DATA_SET, meant, context.clock())
        keep_outcomes(run, 1, meant, rows_of(kept, NumberedOutcomes), context.clock())
        send_cells(context, waiting(ROWS), heard)

        assert intents_of(context.work.run, 2).height == 3

    assert target.posts == [AS_PLANNED[1:]]
    assert heard.told == [3, 3]


def test_what_a_person_changed_or_a_form_lost_is_told_and_not_sent(tmp_path: Path) -> None:
    target = Target()
    target.type("""
        month  | clinic | what  | number
        202609 | a      | cases | 1
        202610 | a      | cases | 9
    """)
    with loading(tmp_path, target, assigned="a") as context:
        assert sent(context) == [
            ("202609", "a", "cases", "unchanged", ALREADY),
            ("202609", "b", "cases", "refused", LEFT_THE_DATA_SET),
            ("202610", "a", "cases", "drifted", DRIFTED),
            ("202610", "b", "cases", "refused", LEFT_THE_DATA_SET),
        ]
        assert intents_of(context.work.run, 1).is_empty()
        assert ours(context) == 0

    assert (target.posts, target.reads) == ([], 1)


def test_when_a_server_is_busy_the_other_parts_wait_and_are_read_before_they_go(
    tmp_path: Path,
) -> None:
    target = Target()
    target.answers = [only_says(429)]

    def meanwhile(_seconds: float) -> None:
        target.type("month | clinic | what | number\n 202609 | b | cases | 9")

    with loading(tmp_path, target, limits=ONE_BY_ONE, sleep=meanwhile) as context:
        assert [line[3] for line in sent(context)] == ["loaded", "drifted", "loaded", "loaded"]

    assert [line for post in target.posts for line in post] == [
        *(AS_PLANNED[0], AS_PLANNED[0], AS_PLANNED[2], AS_PLANNED[3])
    ]


def test_a_server_that_stays_busy_ends_a_load_and_what_arrived_before_is_ours(
    tmp_path: Path,
) -> None:
    target = Target()
    target.answers = [takes] * TURNS + [only_says(429)] * 99
    with loading(tmp_path, target, limits=ONE_BY_ONE, patience=60) as context:
        with pytest.raises(ServerError, match="too busy to be written to"):
            sent(context, LONG_MONTH)

        assert ours(context) == TURNS


def test_nothing_to_send_asks_nothing(tmp_path: Path) -> None:
    target = Target()
    with loading(tmp_path, target) as context:
        assert sent(context, "month | clinic | what | send") == []

    assert (target.posts, target.reads) == ([], 0)
