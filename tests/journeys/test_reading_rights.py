"""Who may write and not read is told so, before a run and by the run itself."""

from dataclasses import replace
from pathlib import Path

import pytest

from tests.support.deployments import NAME
from tests.support.terminal import run, tally
from tests.support.village import CLINICS, form, tracker, village

COUNTS = "month | clinic | what | number\n 202609 | a | cases | 5"


@pytest.mark.parametrize(("generation", "codes"), [("2.42", (4, 7)), ("2.43", (0, 0))])
def test_a_data_view_that_is_narrower_than_the_capture_is_named(
    tmp_path: Path, generation: str, codes: tuple[int, int]
) -> None:
    with village(tmp_path, generation) as post:
        tracker(post, COUNTS)
        post.configure(org_units={"level": 2, "within": [CLINICS["a"]]})
        account = post.world.users["tally"]
        post.world.users["tally"] = replace(account, data_view_org_units=(CLINICS["a"],))

        foretold, said = tally(post, "verify", NAME), run(post)

        assert (foretold.code, said.code) == codes, said.everything
        assert ("outside-reading" in foretold.out) is (generation == "2.42")
        assert ("data view org units on the target" in said.err) is (generation == "2.42")
        assert (form(post) != []) is (generation == "2.43")

        post.world.users["tally"] = replace(account, data_view_org_units=())
        assert run(post).code == 0
        assert form(post) == [("202609", "a", "cases", "5")]
