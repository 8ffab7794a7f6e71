"""Two sites of tracker on one site of the form are added up only where the mapping says so."""

from pathlib import Path

import pytest

from pipeline.extract.context import read_extract_context
from pipeline.extract.rules.narrowing import Only
from tests.support.checking import checked, one
from tests.support.deployments import NAME, Post, planned
from tests.support.village import CLINICS, form, in_words, tracker, village

GENERATIONS = pytest.mark.parametrize("generation", ["2.42", "2.43"])
COUNTS = """
    month  | clinic | what  | number
    202609 | a      | cases | 5
    202609 | b      | cases | 3
    202609 | c      | cases | 1
    202610 | b      | girls | 2
"""


def put_b_on_a(post: Post, rule: str) -> None:
    path = post.deployment.mappings(NAME) / "org_units.csv"
    rows = f"source_org_unit,target_org_unit,rule\n{CLINICS['b']},{CLINICS['a']},{rule}\n"
    path.write_text(rows)


@GENERATIONS
def test_merged_sites_are_one_number_and_follow_tracker(tmp_path: Path, generation: str) -> None:
    with village(tmp_path, generation) as post:
        put_b_on_a(post, "merge")
        tracker(post, COUNTS)
        post.night()

        assert form(post) == [
            ("202609", "a", "cases", "8"),
            ("202609", "c", "cases", "1"),
            ("202610", "a", "girls", "2"),
        ]
        assert one(checked(post), "merged-org-units").severity == "note"

        tracker(post, COUNTS.replace("202609 | b      | cases | 3", "202609 | b | cases | 4"))
        post.night()

        assert ("202609", "a", "cases", "9") in form(post)


@GENERATIONS
def test_sites_that_meet_by_mistake_are_rejected_with_the_reason(
    tmp_path: Path, generation: str
) -> None:
    with village(tmp_path, generation) as post:
        post.configure(rejects={"max_share": 1.0})
        tracker(post, COUNTS)
        post.night()
        stood = form(post)
        put_b_on_a(post, "")
        found = one(checked(post), "unmerged-org-units")
        night = post.night()

        assert (found.severity, found.where.count(CLINICS["a"])) == ("error", 3)
        rejects = night.work.run.path / "rejects.parquet"
        assert rejects.exists()
        told = in_words(planned(night.work), "action", "reason_id")
        assert ("202609", "a", "cases", "hold", "source_unknown") in told
        assert form(post) == stood


def test_a_run_about_one_of_them_asks_for_both(tmp_path: Path) -> None:
    with village(tmp_path) as post:
        put_b_on_a(post, "merge")
        tracker(post, COUNTS)
        post.night()
        work = post.begin()
        scope = read_extract_context(
            work, post.client, post.client, Only((CLINICS["a"],)), sleep=lambda _: None
        ).scope

        assert scope.org_units["id"].to_list() == [CLINICS["a"], CLINICS["b"]]
