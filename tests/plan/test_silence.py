"""Before anything of ours is taken back, the indicator behind it is asked again, alone."""

from pathlib import Path
from urllib.parse import parse_qs

from pipeline.run.responses import read_responses
from sandbox.state.register import Register
from sandbox.state.tables import build
from tests.support.deployments import Post, planned
from tests.support.village import CLINICS, form, in_words, lines, tracker, village

FIRST = """
    month  | clinic | what  | number
    202609 | a      | cases | 5
    202609 | b      | cases | 3
    202610 | a      | boys  | 2
    202610 | b      | girls | 4
"""
LATER = """
    month  | clinic | what  | number
    202609 | b      | cases | 3
    202610 | b      | girls | 4
"""


def alone(post: Post) -> list[list[str]]:
    """Give what each question of the grid was about: indicator, periods and org units."""
    return [
        parse_qs(line.query)["dimension"][:3]
        for line in post.sandbox.requests
        if line.path == "/api/analytics.json"
    ]


def test_silence_that_is_confirmed_is_believed(tmp_path: Path) -> None:
    with village(tmp_path) as post:
        tracker(post, FIRST)
        post.night()
        tracker(post, LATER)
        work, _ = post.transform()
        post.sandbox.requests.clear()
        post.plan(work)

        assert alone(post) == [
            ["dx:piBySex0001", "pe:202610", "ou:ouClinic00a"],
            ["dx:piCases0001", "pe:202609", "ou:ouClinic00a"],
        ]
        told = in_words(planned(work), "action")
        assert ("202609", "a", "cases", "retract") in told
        assert ("202610", "a", "boys", "retract") in told


def test_an_indicator_that_broke_is_not_silent(tmp_path: Path) -> None:
    with village(tmp_path) as post:
        tracker(post, FIRST)
        post.night()
        tracker(post, LATER)
        work, _ = post.transform()
        post.world.broken["piCases0001"] = "42703"
        post.plan(work)

        told = in_words(planned(work), "action", "reason_id")
        assert ("202609", "a", "cases", "hold", "source_unknown") in told
        assert ("202610", "a", "boys", "retract", "vanished") in told


def test_a_row_that_comes_after_all_is_believed_more_than_silence(tmp_path: Path) -> None:
    with village(tmp_path) as post:
        tracker(post, FIRST)
        post.night()
        tracker(post, LATER)
        work, _ = post.transform()
        tracker(post, FIRST)
        post.plan(work)

        told = in_words(planned(work), "action", "reason_id")
        assert ("202609", "a", "cases", "hold", "source_unknown") in told
        assert ("202610", "a", "boys", "hold", "source_unknown") in told
        assert not [line for line in told if line[3] == "retract"]


def test_nothing_is_asked_again_when_nothing_of_ours_is_silent(tmp_path: Path) -> None:
    with village(tmp_path) as post:
        tracker(post, FIRST)
        post.night()
        work, _ = post.transform()
        post.sandbox.requests.clear()
        post.plan(work)

        assert alone(post) == []


def test_what_the_extract_has_confirmed_already_is_not_asked_twice(tmp_path: Path) -> None:
    with village(tmp_path) as post:
        tracker(post, FIRST)
        post.night()
        register = post.world.answers
        assert isinstance(register, Register)
        register.counts.pop("piCases0001")
        build(post.world)
        night = post.night()

        assert night.extract.silent_indicators == ["piCases0001", "piEnrolled1"]
        assert night.actions["retract"] == 2
        confirmed = read_responses(night.work.run, "confirm")
        assert list(confirmed) == []
        assert form(post) == lines("""
            month  | clinic | what  | number
            202610 | a      | boys  | 2
            202610 | b      | girls | 4
        """)


def test_an_org_unit_that_goes_nowhere_is_behind_no_cell(tmp_path: Path) -> None:
    with village(tmp_path) as post:
        post.configure(mapping={"unlisted_org_units": "reject"})
        post.configure(rejects={"max_share": 1})
        post.move({clinic: clinic for clinic in (CLINICS["a"], CLINICS["b"])})
        tracker(post, FIRST)
        post.night()
        post.move({CLINICS["c"]: CLINICS["a"], CLINICS["b"]: CLINICS["b"]})
        tracker(post, LATER)
        work, _ = post.transform()
        post.sandbox.requests.clear()
        post.plan(work)

        assert alone(post) == [
            ["dx:piBySex0001", "pe:202610", "ou:ouClinic00c"],
            ["dx:piCases0001", "pe:202609", "ou:ouClinic00c"],
        ]
        told = in_words(planned(work), "action")
        assert ("202609", "a", "cases", "retract") in told
