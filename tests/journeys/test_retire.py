"""What left the mapping is listed, stays, and is taken back when somebody says so."""

from pathlib import Path

from tests.support.deployments import NAME
from tests.support.terminal import run, tally
from tests.support.village import WHATS, form, tracker, typed, village

COUNTS = """
    month  | clinic | what     | number
    202609 | a      | cases    | 5
    202609 | a      | enrolled | 6
    202609 | b      | enrolled | 7
"""


def test_an_orphan_is_taken_back_only_when_asked_and_only_as_we_left_it(tmp_path: Path) -> None:
    with village(tmp_path) as post:
        tracker(post, COUNTS)
        run(post)
        post.map(
            (what.indicator, what.options, what.element, what.combo, "")
            for name, what in WHATS.items()
            if name != "enrolled"
        )
        left = ["piCases0001", "piBySex0001"]
        post.configure(
            source={"program_indicators": left},
            guards={"max_mapping_rows_lost": 1, "min_extract_share": 0},
        )
        typed(post, "month | clinic | what | number\n 202609 | b | enrolled | 70")

        said = run(post)

        assert said.code == 0, said.everything
        assert len(form(post)) == 3

        listed = tally(post, "run", NAME)
        assert "| orphan | 2 |" in listed.out
        planned = tally(post, "plan", NAME, "--retire", "--detailed-exitcode")
        loaded = tally(post, "load", NAME)

        assert planned.code == 3, planned.everything
        assert "--retire takes it back" in planned.out
        assert "the mapping or the scope no longer reaches them" in planned.out
        assert "tracker counts nothing any more" not in planned.out
        assert loaded.code == 0, loaded.everything
        assert form(post) == [("202609", "a", "cases", "5"), ("202609", "b", "enrolled", "70")]
        assert "orphan" not in run(post).everything
