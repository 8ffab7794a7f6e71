"""A run about chosen sites and periods goes by the same plan and guards; all else sleeps."""

import json
from pathlib import Path

import pytest

from pipeline.extract.rules.narrowing import Only
from pipeline.extract.stage import extract
from pipeline.run.progress import Silence
from pipeline.run.work import Work
from pipeline.text.errors import UsageError
from pipeline.transform.stage import transform
from tests.support.deployments import NAME, Post, planned
from tests.support.terminal import tally
from tests.support.village import CLINICS, form, in_words, lines, tracker, village

GENERATIONS = pytest.mark.parametrize("generation", ["2.42", "2.43"])
COUNTS = """
    month  | clinic | what  | number
    202608 | a      | cases | 1
    202609 | a      | cases | 2
    202610 | a      | cases | 3
    202610 | a      | girls | 4
    202609 | b      | cases | 5
    202610 | b      | cases | 6
"""
CHANGED = """
    month  | clinic | what  | number
    202608 | a      | cases | 11
    202609 | a      | cases | 12
    202610 | a      | cases | 13
    202610 | b      | cases | 16
"""


def begun(post: Post, *org_units: str, periods: tuple[str, ...] = ()) -> Work:
    work = post.begin()
    extract(work, post.client, post.client, Silence(), Only(org_units, periods))
    transform(work)
    return work


@GENERATIONS
def test_only_what_was_asked_is_followed_and_the_next_night_does_the_rest(
    tmp_path: Path, generation: str
) -> None:
    with village(tmp_path, generation) as post:
        tracker(post, COUNTS)
        post.night()
        tracker(post, CHANGED)
        post.configure(guards={"min_extract_share": 0.9})

        work = begun(post, CLINICS["a"], periods=("202610",))
        _, summary = post.plan(work)
        loaded = post.load(work)

        assert in_words(planned(work), "action") == [
            ("202610", "a", "cases", "update"),
            ("202610", "a", "girls", "retract"),
        ]
        assert summary.alarms == []
        assert loaded.is_whole
        text = (work.run.path / "plan.md").read_text()
        assert "about 1 org unit and 1 period only" in text
        changed = [line for line in lines(COUNTS) if line[:2] != ("202610", "a")]
        assert form(post) == sorted([*changed, ("202610", "a", "cases", "13")])

        post.configure(guards={"min_extract_share": 0})
        post.night()
        assert form(post) == lines(CHANGED)


def test_a_period_outside_the_usual_window_can_be_asked_for(tmp_path: Path) -> None:
    with village(tmp_path) as post:
        tracker(post, COUNTS)
        post.configure(periods={"explicit": ["202610"]})

        work = begun(post, "ouVillage01", periods=("202608", "202609"))
        post.plan(work)
        post.load(work)

        assert form(post) == [line for line in lines(COUNTS) if line[0] != "202610"]


def test_a_narrow_run_is_not_what_the_next_night_is_measured_by(tmp_path: Path) -> None:
    with village(tmp_path) as post:
        tracker(post, COUNTS)
        post.night()
        work = begun(post, CLINICS["a"], periods=("202608",))
        post.plan(work)
        post.load(work)
        tracker(post, "month | clinic | what | number\n 202608 | a | cases | 1")
        shares = dict.fromkeys(["max_retraction_share", "max_site_retraction_share"], 1)
        post.configure(guards={"min_extract_share": 0.9, **shares})

        _, summary = post.plan()

        assert [alarm["saw"] for alarm in summary.alarms] == [
            "1 row came from tracker, and 6 the last time"
        ]


@pytest.mark.parametrize(
    ("option", "value", "sentence"),
    [
        ("--org-unit", "ouElsewhere", "no org unit of this transfer is 'ouElsewhere'"),
        ("--period", "2026Q1", "2026Q1 is no Monthly period"),
        ("--period", "January", "'January' is not a period"),
    ],
)
def test_what_is_not_of_the_transfer_is_refused(
    tmp_path: Path, option: str, value: str, sentence: str
) -> None:
    with village(tmp_path) as post:
        tracker(post, COUNTS)

        said = tally(post, "run", NAME, option, value)

        assert said.code == UsageError.exit_code
        assert sentence in said.err


def test_the_command_line_narrows_a_run(tmp_path: Path) -> None:
    with village(tmp_path) as post:
        tracker(post, COUNTS)

        said = tally(
            post,
            *("run", NAME, "--load"),
            *("--org-unit", CLINICS["a"], "--org-unit", CLINICS["b"]),
            *("--period", "202609"),
        )

        assert said.code == 0, said.everything
        assert form(post) == [line for line in lines(COUNTS) if line[0] == "202609"]
        runs = sorted(post.deployment.runs(NAME).iterdir())
        paper = json.loads((runs[-1] / "extract.json").read_text())
        assert paper["only_org_units"] == [CLINICS["a"], CLINICS["b"]]
