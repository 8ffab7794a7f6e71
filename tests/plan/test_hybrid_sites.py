"""Sites that report on paper, by tracker or both stay whole on servers of both generations."""

from pathlib import Path

import pytest

from tests.support.checking import checked, ids
from tests.support.deployments import NAME, Post, planned
from tests.support.village import CLINICS, form, in_words, lines, tracker, typed, village

GENERATIONS = pytest.mark.parametrize("generation", ["2.42", "2.43"])
COUNTS = """
    month  | clinic | what     | number
    202609 | a      | cases    | 5
    202610 | a      | cases    | 6
    202609 | b      | cases    | 7
    202609 | b      | enrolled | 8
    202609 | c      | cases    | 9
"""
PAPER = """
    month  | clinic | what     | number
    202609 | a      | cases    | 50
    202609 | a      | enrolled | 51
    202609 | b      | cases    | 70
    202609 | c      | enrolled | 90
"""
HEADER = "org_unit,data_element,data_set,reports,from_period,to_period,favour"


def registered(post: Post, *rows: str) -> None:
    path = post.deployment.mappings(NAME) / "sites.csv"
    path.write_text("\n".join([HEADER, *rows]) + "\n")


@GENERATIONS
def test_a_register_decides_who_is_written_and_leaves_every_number_of_a_person(
    tmp_path: Path, generation: str
) -> None:
    with village(tmp_path, generation) as post:
        tracker(post, COUNTS)
        typed(post, PAPER)
        registered(
            post,
            f"{CLINICS['a']},,,manual,,202609,",
            f"{CLINICS['a']},,,tracker,202610,,",
            f"{CLINICS['b']},,,both,,,tracker",
        )

        night = post.night()

        assert in_words(planned(night.work), "action", "reason_id", "decided_by") == [
            ("202609", "a", "cases", "hold", "manual_site", "None"),
            ("202609", "a", "enrolled", "foreign", "theirs", "None"),
            ("202609", "b", "cases", "update", "site_tracker", "the site register"),
            ("202609", "b", "enrolled", "create", "new", "None"),
            ("202609", "c", "cases", "create", "new", "None"),
            ("202609", "c", "enrolled", "foreign", "theirs", "None"),
            ("202610", "a", "cases", "create", "new", "None"),
        ]
        assert night.loaded.is_whole
        stays = [line for line in lines(PAPER) if line[1:3] != ("b", "cases")]
        assert form(post, of="clerk") == stays
        assert post.night().loaded.requests == 0


@GENERATIONS
def test_a_site_that_goes_back_to_paper_keeps_what_was_written(
    tmp_path: Path, generation: str
) -> None:
    with village(tmp_path, generation) as post:
        tracker(post, COUNTS)
        post.night()
        registered(post, f"{CLINICS['a']},,,manual,,,")
        gone = "    202610 | a      | cases    | 6\n"
        tracker(post, COUNTS.replace("| 5\n", "| 15\n").replace(gone, ""))

        night = post.night()

        held = [line for line in in_words(planned(night.work), "action") if line[1] == "a"]
        assert held == [("202609", "a", "cases", "hold"), ("202610", "a", "cases", "hold")]
        assert [line for line in form(post) if line[1] == "a"] == [
            ("202609", "a", "cases", "5"),
            ("202610", "a", "cases", "6"),
        ]


def test_a_check_tells_what_is_wrong_with_the_register(tmp_path: Path) -> None:
    with village(tmp_path) as post:
        tracker(post, COUNTS)
        registered(
            post,
            f"{CLINICS['a']},,,manual,,202609,",
            f"{CLINICS['a']},,,tracker,202609,,",
            f"{CLINICS['b']},,,tracker,202609,,",
            "ouElsewhere,,,manual,,,",
        )

        found = ids(checked(post))

    assert {"sites-contradict", "sites-gap", "sites-unknown"} <= found
