"""Exactly the sealed plan is sent, and only what is read back is believed."""

import asyncio
from pathlib import Path
from typing import Any

import polars as pl
from starlette.requests import Request

from pipeline.cells.key import KEY
from pipeline.load.stage import dry_run, load
from pipeline.run.progress import Silence
from sandbox.http.faults import Answer, Ask
from sandbox.state.world import StoredValue
from tests.load.loads import (
    COUNTS,
    GENERATIONS,
    MANY,
    SMALL,
    VALUES,
    counts,
    journal,
    ledger,
)
from tests.support.deployments import Post, planned
from tests.support.faults import first, values_of
from tests.support.village import CLINICS, form, in_words, key_of, lines, tracker, village


@GENERATIONS
def test_a_plan_is_loaded_once(tmp_path: Path, generation: str) -> None:
    with village(tmp_path, generation) as post:
        tracker(post, COUNTS)
        night = post.night()
        sent = post.posts

        again = post.load(night.work)

        assert form(post) == lines(COUNTS)
        assert night.loaded.counts["loaded"] == 5
        assert (again.already, again.counts) == (True, night.loaded.counts)
        assert post.posts == sent
        assert ledger(post) == 5


@GENERATIONS
def test_new_changed_and_vanished_cells_go_out_together(tmp_path: Path, generation: str) -> None:
    changed = """
        month  | clinic | what     | number
        202609 | a      | cases    | 8
        202609 | b      | girls    | 2
        202610 | a      | boys     | 1
        202610 | c      | enrolled | 4
    """
    with village(tmp_path, generation) as post:
        tracker(post, COUNTS)
        post.night()
        tracker(post, changed)

        night = post.night()

        assert form(post) == lines(changed)
        assert night.actions == {"keep": 2, "create": 1, "update": 1, "retract": 2}
        assert night.loaded.counts["loaded"] == 4
        assert ledger(post) == 4


@GENERATIONS
def test_exactly_the_plan_is_sent(tmp_path: Path, generation: str) -> None:
    sent: list[dict[str, Any]] = []

    async def listen(request: Request, ask: Ask) -> Answer:
        sent.extend(values_of(await request.body()))
        return await ask()

    with village(tmp_path, generation) as post:
        tracker(post, COUNTS)
        post.night()
        tracker(post, COUNTS.replace("| 5\n", "| 8\n").replace("b      | boys", "a      | boys"))
        work, _ = post.plan()
        post.sandbox.faults.append(first(99, VALUES, listen, "POST"))
        post.load(work)

    members = ("dataElement", "period", "orgUnit", "categoryOptionCombo", "attributeOptionCombo")
    told = [(*(one[part] for part in members), one["value"], "deleted" in one) for one in sent]
    plan = planned(work).filter(pl.col("action").is_in(["create", "update", "retract"]))
    assert plan.height == 3
    assert sorted(told) == sorted(plan.select(*KEY, "send", "delete").rows())


@GENERATIONS
def test_a_zero_removes_a_count_where_it_means_nothing_and_stands_where_it_does(
    tmp_path: Path, generation: str
) -> None:
    with village(tmp_path, generation) as post:
        tracker(post, COUNTS)
        post.night()
        tracker(post, COUNTS.replace("| 6\n", "| 0\n").replace("| 4\n", "| 0\n"))

        night = post.night()

        assert ("202610", "c", "enrolled", "0") in form(post)
        assert ("202610", "a", "cases") not in [line[:3] for line in form(post)]
        assert post.night().loaded.requests == 0
        assert night.loaded.is_whole


def test_a_dry_run_asks_and_writes_nothing(post: Post) -> None:
    work, _ = post.plan()

    told = dry_run(work, post.client)

    assert [(one.status, one.updated) for one in told] == [("SUCCESS", 5)]
    assert form(post) == []
    assert not (work.run.path / "load.json").exists()


def test_each_request_is_noted_with_its_hash_and_its_answer(post: Post) -> None:
    work = post.night().work

    notes = [(note["state"], note.get("request")) for note in journal(post)]

    assert notes == [
        ("begun", None),
        ("planned", None),
        ("sent", "01-1"),
        ("answered", "01-1"),
        ("confirmed", None),
    ]
    assert (work.run.chunks / "0001-01-1.json.gz").exists()


NINE_MORE = """
    month  | clinic | what     | number
    202609 | a      | cases    | 59
    202609 | b      | girls    | 29
    202610 | a      | cases    | 69
    202610 | b      | boys     | 39
    202610 | c      | enrolled | 49
"""
COMMENTS = {
    ("202609", "a", "cases"): "checked by phone",
    ("202609", "b", "girls"): 'she said "five"',
    ("202610", "a", "cases"): "two\nlines, one comma",
    ("202610", "b", "boys"): "élèves — naïve 数",
    ("202610", "c", "enrolled"): "\\n",
}


@GENERATIONS
def test_a_comment_in_a_cell_that_is_overwritten_is_kept(tmp_path: Path, generation: str) -> None:
    with village(tmp_path, generation) as post:
        cells = {key_of(*where): comment for where, comment in COMMENTS.items()}
        late = key_of("202609", "b", "girls")
        tracker(post, COUNTS)
        post.night()
        tracker(post, NINE_MORE)
        for cell in cells.keys() - {late}:
            post.world.values[cell].comment = cells[cell]
        work, _ = post.plan()
        post.world.values[late].comment = cells[late]  # written after the plan

        loaded = post.load(work)

        assert loaded.counts == counts(loaded=5)
        for cell, comment in cells.items():
            stored = post.world.values[cell]
            assert stored == StoredValue(str(stored.value), "tally", *_times(stored), comment)
            assert str(stored.value).endswith("9")


def _times(value: StoredValue) -> tuple[Any, Any]:
    return value.created, value.last_updated


def test_cells_on_hold_are_never_sent(tmp_path: Path) -> None:
    for generation in ("2.42", "2.43"):
        with village(tmp_path / generation, generation) as post:
            tracker(post, COUNTS.replace("202609", "202608"))
            (data_set,) = post.world.metadata["dataSets"]
            data_set["expiryDays"] = 60.0
            data_set["organisationUnits"] = [{"id": CLINICS[one]} for one in "ab"]
            post.configure(org_units={"assigned_only": False})

            night = post.night()

            assert in_words(planned(night.work), "action", "reason_id") == [
                ("202608", "a", "cases", "hold", "expired"),
                ("202608", "b", "girls", "hold", "expired"),
                ("202610", "a", "cases", "create", "new"),
                ("202610", "b", "boys", "create", "new"),
                ("202610", "c", "enrolled", "hold", "not_assigned"),
            ]
            assert form(post) == [("202610", "a", "cases", "6"), ("202610", "b", "boys", "3")]


def test_the_balance_of_a_load_lies_beside_it(post: Post) -> None:
    (data_set,) = post.world.metadata["dataSets"]
    data_set["organisationUnits"] = [{"id": CLINICS[one]} for one in "ab"]
    post.configure(org_units={"assigned_only": False})

    night = post.night()

    told = pl.read_csv(night.work.run.path / "balance.csv", schema_overrides={"period": pl.String})
    assert told.select("data_element", "period", "planned", "loaded", "held").rows() == [
        ("deBySex0001", "202609", 1, 1, 0),
        ("deBySex0001", "202610", 1, 1, 0),
        ("deCases0001", "202609", 1, 1, 0),
        ("deCases0001", "202610", 1, 1, 0),
        ("deEnrolled1", "202610", 1, 0, 1),
    ]
    assert night.loaded.counts == counts(loaded=4, held=1)


class Crowd:
    """Counts how many writing requests the server has at once."""

    def __init__(self) -> None:
        self.now = self.most = 0

    async def __call__(self, request: Request, ask: Ask) -> Answer:
        if request.method != "POST":
            return await ask()
        self.now += 1
        self.most = max(self.most, self.now)
        await asyncio.sleep(0.05)
        self.now -= 1
        return await ask()


@GENERATIONS
def test_requests_go_out_side_by_side_and_never_more_than_agreed(
    tmp_path: Path, generation: str
) -> None:
    with village(tmp_path, generation) as post:
        tracker(post, MANY)
        work, _ = post.plan()
        crowd = Crowd()
        post.sandbox.faults.append(crowd)

        loaded = load(work, post.client, Silence(), limits=SMALL)

        assert loaded.counts == counts(loaded=36)
        assert (loaded.requests, post.posts, crowd.most) == (9, 9, 2)
        assert form(post) == lines(MANY)
