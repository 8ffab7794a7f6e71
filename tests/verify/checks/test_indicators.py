"""Each plain indicator is asked by itself once, as a run would ask it."""

from pathlib import Path

import pytest

from tests.support.checking import checked, ids, one
from tests.support.village import tracker, village

COUNTS = "month | clinic | what | number\n 202609 | a | cases | 5"


@pytest.mark.parametrize("generation", ["2.42", "2.43"])
@pytest.mark.parametrize(
    ("state", "finding", "remedy"),
    [
        ("22012", "indicator-divides-by-zero", "guard the division"),
        ("42803", "indicator-fails", "mend its expression"),
    ],
)
def test_an_indicator_that_cannot_be_run_is_found_before_a_run(
    tmp_path: Path, generation: str, state: str, finding: str, remedy: str
) -> None:
    with village(tmp_path, generation) as post:
        tracker(post, COUNTS)
        post.world.broken["piCases0001"] = state
        findings = checked(post)

    assert ids(findings, "error") == {finding}
    assert one(findings, finding).where == "piCases0001 of program Register"
    assert remedy in one(findings, finding).remedy


@pytest.mark.parametrize("generation", ["2.42", "2.43"])
def test_a_program_without_its_table_is_found_with_its_indicators(
    tmp_path: Path, generation: str
) -> None:
    with village(tmp_path, generation) as post:
        post.world.metadata["programs"].append({"id": "prBirths001", "name": "Births"})
        post.world.metadata["programIndicators"][1]["program"] = {"id": "prBirths001"}
        post.world.lacking_tables = {"prBirths001"}
        findings = checked(post)

    assert ids(findings, "error") == {"program-without-table"}
    assert one(findings, "program-without-table").where == "piEnrolled1 of program Births"


def test_each_plain_indicator_is_asked_once_with_the_filters_of_the_transfer(
    tmp_path: Path,
) -> None:
    with village(tmp_path) as post:
        post.configure(
            source={
                "program_indicators": ["piCases0001", "piEnrolled1", "piBySex0001"],
                "filters": ["caSex000001:coBoys00001"],
            }
        )
        checked(post)
        alone = [seen.query for seen in post.sandbox.requests if seen.path == "/api/analytics.json"]

    plain = [query.split("dx:")[1].split("&")[0] for query in alone if "piBySex" not in query]
    assert sorted(plain) == ["piCases0001", "piEnrolled1"]
    assert all("filter=caSex000001:coBoys00001" in query for query in alone)
