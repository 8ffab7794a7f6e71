"""What an indicator counts in all is asked as high up as one can, and below only in doubt."""

from pathlib import Path

import pytest

from pipeline.run.remainders import read_remainders
from tests.support.deployments import Post
from tests.support.village import CLINICS, org_unit, tracker, village

GENERATIONS = pytest.mark.parametrize("generation", ["2.42", "2.43"])
COUNTS = """
    month  | clinic | what   | number
    202609 | a      | boys   | 5
    202609 | a      | girls  | 4
    202609 | b      | boys   | 2
    202610 | a      | boys   | 1
"""
MANY = 400  # more than an address has room for, so that they are named by their ancestor


def remainders(post: Post) -> list[tuple[object, ...]]:
    """Period, clinic, total and what its categories add up to."""
    work, _ = post.extract()
    return read_remainders(work.run).drop("program_indicator").rows()


def totals_asked(post: Post) -> list[str]:
    """The org units of each question for the total of the disaggregated indicator."""
    return [
        line.query.split("ou%3A")[-1].split("ou:")[-1].split("&")[0]
        for line in post.sandbox.requests
        if line.path == "/api/analytics.csv"
        and "piBySex0001" in line.query
        and "caSex000001" not in line.query
    ]


@GENERATIONS
def test_what_no_option_took_is_known_by_site_and_period(tmp_path: Path, generation: str) -> None:
    with village(tmp_path, generation) as post:
        tracker(post, COUNTS + "    202609 | a | unsaid | 3\n    202610 | c | unsaid | 1\n")

        assert remainders(post) == [
            ("202609", CLINICS["a"], 12.0, 9.0),
            ("202610", CLINICS["c"], 1.0, 0.0),
        ]


def test_cells_that_add_up_are_asked_for_once_more_and_no_further(tmp_path: Path) -> None:
    with village(tmp_path) as post:
        many_sites(post)
        tracker(post, COUNTS)

        assert remainders(post) == []
        assert totals_asked(post) == ["ouVillage01"]


def test_only_where_they_do_not_add_up_the_sites_are_asked(tmp_path: Path) -> None:
    with village(tmp_path) as post:
        many_sites(post)
        tracker(post, COUNTS + "    202609 | b | unsaid | 3\n")

        assert remainders(post) == [("202609", CLINICS["b"], 5.0, 2.0)]
        assert totals_asked(post) == ["ouVillage01", "LEVEL-2;ouVillage01"]


def test_a_server_whose_totals_are_of_mapped_events_still_tells_of_two_options(
    tmp_path: Path,
) -> None:
    with village(tmp_path) as post:
        post.world.totals_are_of_mapped = True
        tracker(post, COUNTS + "    202609 | a | both | 3\n")
        work, extract = post.extract()

        assert read_remainders(work.run).is_empty()
        assert "Multiple Category Options" in extract.unknown_indicators["piBySex0001"]


def test_a_total_that_cannot_be_asked_makes_its_indicator_unknown(tmp_path: Path) -> None:
    with village(tmp_path) as post:
        tracker(post, COUNTS)
        post.world.broken["piBySex0001"] = "42703"
        _, extract = post.extract()

        assert list(extract.unknown_indicators) == ["piBySex0001"]


def many_sites(post: Post) -> None:
    """Give the village more clinics than an address has room for."""
    more = [org_unit(f"ouSite{number:05}", "/ouVillage01") for number in range(MANY)]
    post.world.metadata["organisationUnits"] += more
    post.configure(org_units={"level": 2, "assigned_only": False})
