"""Decimals that are to fill whole numbers are foretold by verify, and named by a run."""

from pathlib import Path

import pytest

from tests.support.deployments import NAME
from tests.support.terminal import run, tally
from tests.support.village import form, tracker, village


@pytest.mark.parametrize("generation", ["2.42", "2.43"])
def test_decimals_into_whole_numbers_are_foretold_and_named(
    tmp_path: Path, generation: str
) -> None:
    with village(tmp_path, generation) as post:
        tracker(post, "month | clinic | what | number\n 202609 | a | cases | 2.5")
        post.world.metadata["programIndicators"][0] |= {
            "decimals": 1,
            "aggregationType": "AVERAGE",
        }

        foretold = tally(post, "verify", NAME)
        said = run(post)

        assert "decimals-into-whole-numbers" in foretold.everything
        assert said.code == 4
        for words in ("piCases0001", "deCases0001", "INTEGER_ZERO_OR_POSITIVE", "2.5"):
            assert words in said.err
        (folder,) = post.deployment.runs(NAME).iterdir()
        assert "This run was stopped" in (folder / "run.md").read_text()
        assert "2.5" not in (folder / "log.jsonl").read_text()
        assert form(post) == []
