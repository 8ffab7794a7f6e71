"""Whatever a server answers to a write, reading back tells what it did."""

import json
from pathlib import Path

import pytest

from pipeline.load.stage import load
from pipeline.run.progress import Silence
from sandbox.http.faults import Answer
from sandbox.state.world import StoredValue
from tests.load.loads import (
    COUNTS,
    GENERATIONS,
    VALUES,
    counts,
    journal,
    ledger,
    takes_nothing_and_says,
)
from tests.support.deployments import Post, outcomes
from tests.support.faults import (
    afterwards,
    answer_lost,
    cut_after,
    first,
    full_above,
    too_many,
    unavailable,
)
from tests.support.village import form, key_of, lines, tracker, village


def test_success_without_a_value_stored_is_no_success(post: Post) -> None:
    said = b'{"status": "SUCCESS", "importCount": {"updated": 5}}'
    post.sandbox.faults.append(first(99, VALUES, takes_nothing_and_says(said), "POST"))

    night = post.night()

    assert night.loaded.counts == counts(refused=5)
    assert all(
        "the server said yes, but the cell does not hold what was sent" in reason
        for reason in outcomes(night.work)["reason"]
    )
    assert post.posts <= 16
    assert ledger(post) == 0

    post.sandbox.faults.clear()
    assert post.night().loaded.counts == counts(loaded=5)


@GENERATIONS
def test_a_conflict_with_everything_stored_is_a_success(tmp_path: Path, generation: str) -> None:
    def contradict(answer: Answer) -> Answer:
        told = json.loads(answer.body)
        told["response"] |= {"status": "ERROR", "importCount": {}}
        return answer._replace(status=409, body=json.dumps(told).encode())

    with village(tmp_path, generation) as post:
        tracker(post, COUNTS)
        post.sandbox.faults.append(first(1, VALUES, afterwards(contradict), "POST"))

        night = post.night()

        assert night.loaded.is_whole
        assert form(post) == lines(COUNTS)
        assert ledger(post) == 5


def test_an_answer_lost_after_the_deed_is_found_by_reading_back(post: Post) -> None:
    post.sandbox.faults.append(first(1, VALUES, answer_lost(502), "POST"))

    night = post.night()

    assert night.loaded.is_whole
    assert post.posts == 1
    assert ledger(post) == 5


@pytest.mark.parametrize("seen", [0, 50, 200])
def test_an_answer_that_is_cut_after_the_deed_is_found_by_reading_back(
    post: Post, seen: int
) -> None:
    post.sandbox.faults.append(first(1, VALUES, cut_after(seen), "POST"))

    night = post.night()

    assert night.loaded.counts == counts(loaded=5)
    assert [note["state"] for note in journal(post)][-1] == "confirmed"
    assert post.posts == 1
    assert ledger(post) == 5


def test_a_busy_server_is_left_alone_as_long_as_it_asks_and_then_gets_what_is_missing(
    post: Post,
) -> None:
    work, _ = post.plan()
    post.sandbox.faults.append(first(1, VALUES, unavailable("7"), "POST"))
    post.sandbox.faults.append(first(1, VALUES, too_many("5"), "POST"))
    slept: list[float] = []

    loaded = load(work, post.client, Silence(), sleep=slept.append)

    assert loaded.counts == counts(loaded=5)
    assert [round(seconds) for seconds in slept[:2]] == [5, 7]
    assert form(post) == lines(COUNTS)
    assert ledger(post) == 5


def test_a_request_that_is_too_large_goes_out_in_halves(post: Post) -> None:
    work, _ = post.plan()
    post.sandbox.faults.append(first(99, VALUES, full_above(2), "POST"))

    loaded = post.load(work)

    assert loaded.counts == counts(loaded=5)
    assert form(post) == lines(COUNTS)
    assert post.posts == 5


def test_what_a_slow_server_writes_after_its_answer_was_lost_is_ours(post: Post) -> None:
    work, _ = post.plan()
    post.sandbox.faults.append(first(1, VALUES, unavailable("3"), "POST"))

    def at_last(_seconds: float) -> None:
        moment = post.world.clock()
        for month, clinic, what, number in lines(COUNTS):
            post.world.values[key_of(month, clinic, what)] = StoredValue(
                number, "tally", moment, moment, None
            )

    loaded = load(work, post.client, Silence(), sleep=at_last)

    assert loaded.counts == counts(loaded=5)
    assert post.posts == 1
    assert ledger(post) == 5
