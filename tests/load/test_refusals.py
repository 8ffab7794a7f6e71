"""Who is refused is named with the reason, and all others are written."""

from pathlib import Path

import polars as pl
from starlette.requests import Request

from pipeline.load.rules.judging import LEFT_THE_DATA_SET
from pipeline.plan.rules.reasons import CLOSED, NOT_ASSIGNED, SENTENCES
from sandbox.http.faults import Answer, Ask
from tests.load.loads import COUNTS, GENERATIONS, VALUES, counts, journal, ledger
from tests.support.deployments import Post, outcomes
from tests.support.faults import first
from tests.support.village import CLINICS, form, in_words, lines, tracker, village


def _gone(post: Post, clinic: str) -> None:
    """Let a clinic vanish from the server."""
    units = post.world.metadata["organisationUnits"]
    units[:] = [unit for unit in units if unit["id"] != CLINICS[clinic]]
    for data_set in post.world.metadata["dataSets"]:
        data_set["organisationUnits"] = [
            unit for unit in data_set["organisationUnits"] if unit["id"] != CLINICS[clinic]
        ]


def _gone_at_the_last_moment(post: Post, clinic: str) -> None:
    """Let a clinic vanish when the first request that writes arrives."""

    async def vanish(_: Request, ask: Ask) -> Answer:
        _gone(post, clinic)
        return await ask()

    post.sandbox.faults.append(first(1, VALUES, vanish, "POST"))


@GENERATIONS
def test_nothing_is_written_for_a_clinic_that_left_the_data_set_since_the_plan(
    tmp_path: Path, generation: str
) -> None:
    with village(tmp_path, generation) as post:
        tracker(post, COUNTS)
        work, _ = post.plan()
        [the_form] = post.world.metadata["dataSets"]
        the_form["organisationUnits"] = [{"id": CLINICS["a"]}, {"id": CLINICS["c"]}]

        loaded = post.load(work)

        assert loaded.counts == counts(loaded=3, refused=2)
        assert form(post) == [line for line in lines(COUNTS) if line[1] != "b"]
        refused = outcomes(work).filter(pl.col("outcome") == "refused")
        assert set(refused["reason"]) == {LEFT_THE_DATA_SET}
        assert ledger(post) == 3


@GENERATIONS
def test_a_clinic_that_vanishes_during_the_load_is_named_and_the_others_are_written(
    tmp_path: Path, generation: str
) -> None:
    with village(tmp_path, generation) as post:
        tracker(post, COUNTS)
        work, _ = post.plan()
        _gone_at_the_last_moment(post, "b")

        loaded = post.load(work)

        assert loaded.counts == counts(loaded=3, refused=2)
        assert form(post) == [line for line in lines(COUNTS) if line[1] != "b"]
        refused = outcomes(work).filter(pl.col("outcome") == "refused")
        assert {line[:2] for line in in_words(refused)} == {("202609", "b"), ("202610", "b")}
        sentence = {
            "2.42": "the server does not know the org unit; mend mappings/org_units.csv (E7612)",
            "2.43": f"{SENTENCES[NOT_ASSIGNED]} (E8022)",
        }
        assert set(refused["reason"]) == {sentence[generation]}
        assert ledger(post) == 3


def test_each_round_after_a_refusal_of_the_whole_is_noted(post: Post) -> None:
    work, _ = post.plan()
    _gone_at_the_last_moment(post, "b")
    post.world.metadata["organisationUnits"][-1]["closedDate"] = "2026-09-15T00:00:00.000"

    loaded = post.load(work)

    assert loaded.counts == counts(loaded=2, refused=3)
    assert set(in_words(outcomes(work).filter(pl.col("outcome") == "refused"), "reason")) >= {
        ("202610", "c", "enrolled", f"{SENTENCES[CLOSED]} (E8031)")
    }
    told = [
        (note["request"], note["summary"]["http_status"])
        for note in journal(post)
        if note["state"] == "answered"
    ]
    assert told == [("01-1", 409), ("01-2", 409), ("01-3", 200)]
    assert loaded.requests == post.posts == 3
