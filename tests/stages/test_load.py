"""Exactly the sealed plan is sent, and only what is read back is believed."""

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from starlette.requests import Request

from pipeline.errors import RefusedError, ServerError, UsageError
from pipeline.presenter import Silence
from pipeline.sandbox.faults import Answer, Ask, Fault, afterwards, answer_lost, first, unavailable
from pipeline.sandbox.world import StoredValue
from pipeline.stages.load import dry_run, load
from tests.deployments import Post, now, outcomes, planned
from tests.village import CLINICS, DATA_SET, form, in_words, key_of, lines, tracker, typed, village

VALUES = "/api/dataValueSets"
GENERATIONS = pytest.mark.parametrize("generation", ["2.42", "2.43"])
COUNTS = """
    month  | clinic | what     | number
    202609 | a      | cases    | 5
    202609 | b      | girls    | 2
    202610 | a      | cases    | 6
    202610 | b      | boys     | 3
    202610 | c      | enrolled | 4
"""


@pytest.fixture
def post(tmp_path: Path) -> Iterator[Post]:
    with village(tmp_path) as opened:
        tracker(opened, COUNTS)
        yield opened


def journal(post: Post) -> list[dict[str, Any]]:
    """Give the notes of all loads, in their order."""
    paths = sorted(post.deployment.root.rglob("journal.jsonl"))
    return [json.loads(line) for path in paths for line in path.read_text().splitlines()]


def ledger(post: Post) -> int:
    """Count the cells that are ours."""
    return post.begin().store.ledger(post.world.system_id).height


# What a load refuses.


def test_a_plan_that_somebody_edited_is_refused(post: Post) -> None:
    work, _ = post.plan()
    path = work.run.path / "plan.parquet"
    pl.read_parquet(path).with_columns(send=pl.lit("9")).write_parquet(path)

    with pytest.raises(RefusedError, match="changed after it was sealed"):
        post.load(work)
    assert post.posts == 0


def test_a_seal_that_somebody_edited_is_refused(post: Post) -> None:
    work, _ = post.plan()
    path = work.run.path / "plan.json"
    path.write_text(path.read_text().replace('"alarms": []', '"alarms": [ ], "allowed": []'))
    seal = json.loads(path.read_text())
    path.write_text(json.dumps(seal | {"transfer": "other"}))

    with pytest.raises(RefusedError, match="seal of this plan was changed by hand"):
        post.load(work)
    assert post.posts == 0


def test_a_plan_made_under_another_configuration_is_refused(post: Post) -> None:
    work, _ = post.plan()
    post.configure(policy={"vanished": "leave"})

    with pytest.raises(RefusedError, match="configuration changed"):
        post.load(post.again(work))
    assert post.posts == 0


def test_a_plan_made_from_another_mapping_is_refused(post: Post) -> None:
    work, _ = post.plan()
    post.map([("piCases0001", "", "deEnrolled1", "", "")])

    with pytest.raises(RefusedError, match="mapping changed"):
        post.load(work)
    assert post.posts == 0


def test_a_plan_made_for_another_target_is_refused(post: Post) -> None:
    work, _ = post.plan()
    post.world.system_id = "22222222-0000-4000-8000-000000000000"

    with pytest.raises(RefusedError, match="made for system 0000"):
        post.load(work)
    assert post.posts == 0


def test_a_plan_that_is_too_old_is_refused(post: Post) -> None:
    work, _ = post.plan()

    with pytest.raises(RefusedError, match="older than 1 day"):
        load(work, post.client, Silence(), clock=lambda: now() + timedelta(hours=25))
    assert post.posts == 0


def test_a_plan_is_refused_when_another_run_was_loaded_after_it(post: Post) -> None:
    earlier, _ = post.plan()
    post.night()
    sent = post.posts

    with pytest.raises(RefusedError, match="another run was loaded"):
        post.load(earlier)
    assert post.posts == sent


def test_a_plan_that_a_guard_stopped_is_refused_until_somebody_gives_a_reason(post: Post) -> None:
    post.night()
    tracker(post, "month | clinic | what | number\n 202609 | a | cases | 5")
    post.configure(guards={"max_retractions": 0, "min_extract_share": 0})
    work, summary = post.plan()

    with pytest.raises(RefusedError, match="4 values would be removed"):
        post.load(work)
    assert [alarm["guard"] for alarm in summary.alarms] == ["retractions"]

    post.plan(work, retractions="the register was cleaned")
    assert post.load(work).counts["loaded"] == 4
    assert form(post) == [("202609", "a", "cases", "5")]


# What a load does.


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

    assert notes == [("sent", "01-1"), ("answered", "01-1"), ("confirmed", None)]
    assert (work.run.chunks / "0001-01-1.json.gz").exists()


# What other people do meanwhile.


@GENERATIONS
def test_what_a_person_typed_between_plan_and_load_stays_and_is_reported(
    tmp_path: Path, generation: str
) -> None:
    with village(tmp_path, generation) as post:
        tracker(post, COUNTS)
        work, _ = post.plan()
        typed(
            post,
            """
            month  | clinic | what  | number
            202609 | a      | cases | 7
            202609 | b      | girls | 2
            """,
        )

        loaded = post.load(work)

        assert not loaded.is_whole
        assert loaded.counts == {"loaded": 3, "unchanged": 1, "drifted": 1, "refused": 0}
        assert form(post, of="clerk") == [
            ("202609", "a", "cases", "7"),
            ("202609", "b", "girls", "2"),
        ]
        drifted = outcomes(work).filter(pl.col("outcome") == "drifted")
        assert in_words(drifted, "reason") == [
            ("202609", "a", "cases", "somebody changed this cell after the plan was made")
        ]
        assert ledger(post) == 3


@GENERATIONS
def test_a_cell_that_a_person_emptied_between_plan_and_load_stays_empty(
    tmp_path: Path, generation: str
) -> None:
    with village(tmp_path, generation) as post:
        tracker(post, COUNTS)
        post.night()
        tracker(post, COUNTS.replace("| 5\n", "| 9\n"))
        work, _ = post.plan()
        typed(post, "month | clinic | what | number\n 202609 | a | cases | -")

        loaded = post.load(work)

        assert loaded.counts["drifted"] == 1
        assert ("202609", "a", "cases", "9") not in form(post)


COMMENTS = [
    "checked by phone",
    'she said "five"',
    "two\nlines, one comma",
    "élèves — naïve 数",
    "\\n",
]


@GENERATIONS
@pytest.mark.parametrize("comment", COMMENTS)
def test_a_comment_in_a_cell_that_is_overwritten_is_kept(
    tmp_path: Path, generation: str, comment: str
) -> None:
    with village(tmp_path, generation) as post:
        cell = post.world.values
        tracker(post, COUNTS)
        post.night()
        tracker(post, COUNTS.replace("| 5\n", "| 9\n").replace("| 2\n", "| 8\n"))
        cell[key_of("202609", "a", "cases")].comment = comment
        work, _ = post.plan()
        cell[key_of("202609", "b", "girls")].comment = "written after the plan"

        assert post.load(work).is_whole

        assert cell[key_of("202609", "a", "cases")] == StoredValue(
            "9", "tally", *_times(cell[key_of("202609", "a", "cases")]), comment
        )
        assert cell[key_of("202609", "b", "girls")].comment == "written after the plan"


def _times(value: StoredValue) -> tuple[Any, Any]:
    return value.created, value.last_updated


# What servers do, whatever they say.


def _takes_nothing_and_says(told: bytes) -> Fault:
    """Give a fault: the server says this, and stores nothing."""
    body = json.dumps({"response": json.loads(told)}).encode()

    async def strike(_request: Request, _ask: Ask) -> Answer:
        return Answer(200, [(b"content-type", b"application/json")], body)

    return strike


def test_success_without_a_value_stored_is_no_success(post: Post) -> None:
    said = b'{"status": "SUCCESS", "importCount": {"updated": 5}}'
    post.sandbox.faults.append(first(1, VALUES, _takes_nothing_and_says(said), "POST"))

    night = post.night()

    assert night.loaded.counts == {"loaded": 0, "unchanged": 0, "drifted": 0, "refused": 5}
    assert set(outcomes(night.work)["reason"]) == {
        "the server said yes, but the cell does not hold what was sent"
    }
    assert ledger(post) == 0
    assert post.night().loaded.counts["loaded"] == 5


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


@pytest.mark.parametrize("status", [502, 503, 504])
def test_an_answer_lost_after_the_deed_is_found_by_reading_back(post: Post, status: int) -> None:
    post.sandbox.faults.append(first(1, VALUES, answer_lost(status), "POST"))

    night = post.night()

    assert night.loaded.is_whole
    assert post.posts == 1
    assert ledger(post) == 5


def test_an_answer_lost_before_the_deed_is_told_as_it_is(post: Post) -> None:
    post.sandbox.faults.append(first(1, VALUES, unavailable(), "POST"))

    night = post.night()

    assert night.loaded.counts["refused"] == 5
    assert outcomes(night.work)["reason"][0].startswith("the server answered LOST (0)")
    assert post.posts == 1
    assert ledger(post) == 0


# A refusal of some does not stop the others.


def _gone(post: Post, clinic: str) -> None:
    """Let a clinic vanish from the server."""
    units = post.world.metadata["organisationUnits"]
    units[:] = [unit for unit in units if unit["id"] != CLINICS[clinic]]
    for data_set in post.world.metadata["dataSets"]:
        data_set["organisationUnits"] = [
            unit for unit in data_set["organisationUnits"] if unit["id"] != CLINICS[clinic]
        ]


@GENERATIONS
def test_a_clinic_that_vanished_before_the_load_is_named_and_the_others_are_written(
    tmp_path: Path, generation: str
) -> None:
    with village(tmp_path, generation) as post:
        tracker(post, COUNTS)
        work, _ = post.plan()
        _gone(post, "b")

        loaded = post.load(work)

        assert loaded.counts == {"loaded": 3, "unchanged": 0, "drifted": 0, "refused": 2}
        assert form(post) == [line for line in lines(COUNTS) if line[1] != "b"]
        refused = outcomes(work).filter(pl.col("outcome") == "refused")
        assert {line[:2] for line in in_words(refused)} == {("202609", "b"), ("202610", "b")}
        sentence = {
            "2.42": "the server does not know the org unit (E7612)",
            "2.43": "the org unit is not assigned to the data set (E8022)",
        }
        assert set(refused["reason"]) == {sentence[generation]}
        assert ledger(post) == 3


def test_each_round_after_a_refusal_of_the_whole_is_noted(post: Post) -> None:
    work, _ = post.plan()
    _gone(post, "b")
    post.world.metadata["organisationUnits"][-1]["closedDate"] = "2026-09-15T00:00:00.000"

    loaded = post.load(work)

    assert loaded.counts == {"loaded": 2, "unchanged": 0, "drifted": 0, "refused": 3}
    assert set(in_words(outcomes(work).filter(pl.col("outcome") == "refused"), "reason")) >= {
        ("202610", "c", "enrolled", "the org unit is closed in this period (E8031)")
    }
    told = [
        (note["request"], note["summary"]["http_status"])
        for note in journal(post)
        if note["state"] == "answered"
    ]
    assert told == [("01-1", 409), ("01-2", 409), ("01-3", 200)]
    assert loaded.requests == post.posts == 3


def test_a_server_that_refuses_again_and_again_is_asked_a_few_times_only(post: Post) -> None:
    tracker(
        post,
        "\n".join(
            ["month | clinic | what | number"]
            + [
                f"{month} | {clinic} | {what} | 1"
                for month in ("202608", "202609", "202610")
                for clinic in "abc"
                for what in ("cases", "enrolled", "boys", "girls")
            ]
        ),
    )
    work, _ = post.plan()
    left = iter(planned(work)["data_element"])

    async def blame_one_more(_request: Request, _ask: Ask) -> Answer:
        rows = len(json.loads((await _request.body()) or b"{}").get("dataValues", []))
        conflict = {
            "objects": {"args": f"{DATA_SET}-[{next(left)}]"},
            "value": "not usable",
            "errorCode": "E8020",
            "indexes": list(range(rows)),
        }
        body = {"response": {"status": "ERROR", "importCount": {}, "conflicts": [conflict]}}
        return Answer(409, [(b"content-type", b"application/json")], json.dumps(body).encode())

    post.sandbox.faults.append(first(99, VALUES, blame_one_more, "POST"))

    loaded = post.load(work)

    assert loaded.counts["refused"] == 36
    assert post.posts <= 8
    assert form(post) == []


def test_a_login_that_was_withdrawn_stops_the_load_and_nothing_is_lost(post: Post) -> None:
    work, _ = post.plan()
    user = post.world.users["tally"]
    user.authorities = frozenset({"F_VIEW_EVENT_ANALYTICS"})

    loaded = post.load(work)

    assert loaded.counts["refused"] == 5
    assert "F_DATAVALUE_ADD" in outcomes(work)["reason"][0]


# Holds.


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


# Interruptions.


def _broken_line(post: Post, after: int) -> None:
    """Let the line break when the target is read the given number of times more."""
    reads = iter(range(99))

    async def strike(_request: Request, ask: Ask) -> Answer:
        if next(reads) < after:
            return await ask()
        return Answer(500, [(b"content-type", b"text/html")], b"<html>down</html>")

    post.sandbox.faults.append(first(99, VALUES, strike, "GET"))


@GENERATIONS
def test_a_load_that_broke_off_after_writing_is_resumed(tmp_path: Path, generation: str) -> None:
    with village(tmp_path, generation) as post:
        tracker(post, COUNTS)
        work, _ = post.plan()
        _broken_line(post, after=1)
        with pytest.raises(ServerError):
            post.load(work)
        post.sandbox.faults.clear()

        with pytest.raises(UsageError, match="interrupted") as told:
            post.load(work)
        resumed = post.load(work, resume=True)

        assert "--resume" in told.value.remedy
        assert resumed.counts == {"loaded": 0, "unchanged": 5, "drifted": 0, "refused": 0}
        assert form(post) == lines(COUNTS)
        assert post.posts == 1
        assert ledger(post) == 5


@GENERATIONS
def test_a_load_that_broke_off_is_settled_by_the_next_plan(tmp_path: Path, generation: str) -> None:
    with village(tmp_path, generation) as post:
        tracker(post, COUNTS)
        work, _ = post.plan()
        _broken_line(post, after=1)
        with pytest.raises(ServerError):
            post.load(work)
        post.sandbox.faults.clear()
        typed(post, "month | clinic | what | number\n 202609 | a | cases | 7")

        night = post.night()

        assert night.actions == {"keep": 4, "conflict": 1}
        assert ledger(post) == 4
        assert form(post, of="clerk") == [("202609", "a", "cases", "7")]
