"""What the mapping pairs: one count may fill two elements, and each goes into one data set."""

from pathlib import Path

import pytest

from tests.support.deployments import NAME, SOURCES
from tests.support.terminal import run, tally
from tests.support.village import DATA_SET, form, tracker, village

COUNTS = """
    month  | clinic | what  | number
    202609 | a      | cases | 5
    202610 | b      | cases | 7
"""
PAIR = [("piCases0001", "", "deCases0001", ""), ("piCases0001", "", "deEnrolled1", "")]


@pytest.mark.parametrize("generation", ["2.42", "2.43"])
def test_one_indicator_fills_two_elements(tmp_path: Path, generation: str) -> None:
    with village(tmp_path, generation) as post:
        tracker(post, COUNTS)
        post.map(PAIR, SOURCES[:4])
        post.configure(source={"program_indicators": ["piCases0001"]})

        first, second = run(post), run(post)

        assert (first.code, second.code) == (0, 0), first.everything
        assert "Nothing had to be written." in second.everything
        assert form(post) == [
            ("202609", "a", "cases", "5"),
            ("202609", "a", "enrolled", "5"),
            ("202610", "b", "cases", "7"),
            ("202610", "b", "enrolled", "7"),
        ]


def test_a_count_of_which_nobody_says_the_data_set_is_refused_before_it_is_asked(
    tmp_path: Path,
) -> None:
    with village(tmp_path) as post:
        tracker(post, COUNTS)
        (monthly,) = post.world.metadata["dataSets"]
        post.world.metadata["dataSets"].append({**monthly, "id": "dsTwin00001", "name": "Twin"})
        post.configure(
            source={"program_indicators": ["piCases0001"]},
            target={"data_sets": [DATA_SET, "dsTwin00001"]},
        )
        post.map(PAIR[:1], SOURCES[:4])

        said = tally(post, "run", NAME)
        post.map([(*PAIR[0], DATA_SET)], (*SOURCES[:4], "data_set"))
        named = run(post)

        assert said.code == 2
        assert "1 mapped data element is in several of the target data sets" in said.err
        assert "deCases0001" in said.err
        assert named.code == 0, named.everything
