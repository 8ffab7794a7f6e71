"""A run that was wrong is undone by a plan: only what stands as it left it."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from pipeline.store.transfer import Store
from tests.support.deployments import NAME, Post
from tests.support.small_publication import answer
from tests.support.terminal import Said, run, tally
from tests.support.village import form, in_words, lines, tracker, typed, village

GOOD = """
    month  | clinic | what  | number
    202608 | a      | cases | 3
    202609 | a      | cases | 5
    202610 | b      | girls | 2
    202610 | c      | girls | 2
"""
BAD = """
    month  | clinic | what  | number
    202608 | a      | cases | 3
    202609 | a      | cases | 7
    202610 | b      | boys  | 9
    202610 | c      | girls | 4
"""


def wrong(opened: Post) -> None:
    """Load a good run and a wrong one: it changed two cells, wrote one, removed one."""
    for counts in (GOOD, BAD):
        tracker(opened, counts)
        opened.night()
    assert form(opened) == lines(BAD)


@pytest.fixture
def post(tmp_path: Path) -> Iterator[Post]:
    with village(tmp_path) as opened:
        wrong(opened)
        yield opened


@pytest.fixture(scope="module")
def unsent(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Post]:
    """Give one for tests that send nothing."""
    with village(tmp_path_factory.mktemp("home")) as opened:
        wrong(opened)
        yield opened
        assert form(opened) == lines(BAD)


def runs(post: Post, *stages: str) -> list[str]:
    """List the runs that came so far, the newest first."""
    told: list[dict[str, Any]] = json.loads(tally(post, "runs", NAME, "--json").out)
    return [one["run_id"] for one in told if one["stage"] in (stages or ("loaded",))]


def undo(post: Post, run_id: str, *options: str) -> Said:
    return tally(post, "undo", NAME, "--run", run_id, *options)


def ledger(post: Post) -> pl.DataFrame:
    store = Store(post.deployment.store(NAME))
    target = store.runs()["target_system_id"][0]
    return store.ledger(target).select("cell", "value")


def test_a_run_is_undone_cell_by_cell(post: Post) -> None:
    posts = post.posts
    bad, good = runs(post)
    then = answer(post.deployment.store(NAME), "from packed.state_at(?) order by cell", good)

    said = undo(post, bad)

    assert said.code == 0
    assert post.posts == posts
    for sentence in (
        "A load would write **4** values.",
        f"this plan undoes run {bad}; no number of it comes from tracker",
        "the next run follows tracker again and would write these numbers once more",
        f"nothing was sent; next: tally load {NAME}",
    ):
        assert sentence in said.everything
    loaded = tally(post, "load", NAME)
    assert loaded.code == 0
    assert f"It undoes run {bad}; nothing came from tracker." in loaded.out
    assert form(post) == lines(GOOD)
    assert ledger(post).rows() == then
    assert Store(post.deployment.store(NAME)).check() == []


def test_what_somebody_changed_since_is_asked_about(post: Post) -> None:
    bad = runs(post)[0]
    typed(post, "month|clinic|what|number\n202609|a|cases|70\n202610|b|boys|-\n202610|b|girls|20")

    undo(post, bad)
    assert tally(post, "load", NAME).code == 0

    cells = pl.read_parquet(post.deployment.runs(NAME) / runs(post)[0] / "plan.parquet")
    assert in_words(cells, "action", "reason_id") == [
        ("202609", "a", "cases", "conflict", "changed_by_somebody"),
        ("202610", "b", "boys", "close", "removed_by_somebody"),
        ("202610", "b", "girls", "conflict", "not_ours"),
        ("202610", "c", "girls", "update", "undone_back"),
    ]
    assert form(post, of="clerk") == lines(
        "month|clinic|what|number\n202609|a|cases|70\n202610|b|girls|20"
    )


def test_what_later_runs_wrote_stays(unsent: Post) -> None:
    _, good = runs(unsent)

    said = undo(unsent, good)

    assert "left as they are, because they were written again since: 3 values" in said.out
    assert "| retract | 1 |" in said.out


def test_an_undone_run_can_be_undone_and_the_next_night_follows_tracker(post: Post) -> None:
    bad = runs(post)[0]
    undo(post, bad)
    tally(post, "load", NAME)

    assert undo(post, runs(post)[0]).code == 0
    assert tally(post, "load", NAME).code == 0
    assert form(post) == lines(BAD)

    undo(post, bad)
    assert run(post).code == 0
    assert form(post) == lines(BAD)


@pytest.mark.parametrize("generation", ["2.42", "2.43"])
def test_a_first_load_is_undone_whole_and_no_guard_asks_where_the_cases_went(
    tmp_path: Path, generation: str
) -> None:
    with village(tmp_path, generation) as post:
        post.configure(guards={"max_retractions": 0, "small_site": 0})
        tracker(post, GOOD)
        post.night()

        said = undo(post, runs(post)[0])
        loaded = tally(post, "load", NAME)

        assert (said.code, loaded.code) == (0, 0), said.everything + loaded.everything
        assert form(post) == []
        assert "| retract | 4 | will be removed or set to zero, the run that is undone" in said.out
        assert "as before the run" in said.out
        assert "tracker counts nothing any more" not in said.everything + loaded.everything


def test_a_site_that_went_back_to_paper_keeps_what_stands(unsent: Post) -> None:
    register = unsent.deployment.mappings(NAME) / "sites.csv"
    register.write_text("org_unit,reports\nouClinic00b,manual\n")

    said = undo(unsent, runs(unsent)[0])
    register.unlink()

    assert "A load would write **2** values." in said.out
    assert "the site register says: this site reports on paper here" in said.out


def test_an_undoing_is_no_plan_of_tracker(unsent: Post) -> None:
    undo(unsent, runs(unsent)[0])

    for command in ("plan", "transform"):
        said = tally(unsent, command, NAME)
        assert (said.code, "has no extract.json" in said.err) == (2, True)
    assert "it undoes run" in tally(unsent, "show", NAME).out
    assert tally(unsent, "publish", NAME).code == 0


def test_there_must_be_something_to_undo(unsent: Post) -> None:
    bad = runs(unsent)[0]
    tally(unsent, "run", NAME)
    planned_only = runs(unsent, "planned")[0]

    assert "there is no run" in undo(unsent, "20200101T000000Z").err
    folders = sorted(unsent.deployment.runs(NAME).iterdir())
    nothing = undo(unsent, planned_only)
    assert nothing.code == 5
    assert f"nothing of run {planned_only} can be undone" in nothing.err
    assert sorted(unsent.deployment.runs(NAME).iterdir()) == folders
    assert undo(unsent, bad).code == 0
