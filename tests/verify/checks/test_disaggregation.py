"""A disaggregated indicator is asked in the form that does not hide overlapping mappings."""

from pathlib import Path

import pytest

from sandbox.state.register import Place, Register
from sandbox.state.tables import build
from tests.support.checking import checked, ids, one
from tests.support.village import CLINICS, tracker, village

GENERATIONS = pytest.mark.parametrize("generation", ["2.42", "2.43"])
ASKED = "/api/analytics/dataValueSet.json"


@GENERATIONS
def test_an_event_that_fits_two_options_is_found(generation: str, tmp_path: Path) -> None:
    with village(tmp_path, generation) as post:
        register = post.world.answers
        assert isinstance(register, Register)
        both = Place("202609", CLINICS["b"], ("coBoys00001", "coGirls0001"))
        register.count("piBySex0001", both, 1)
        build(post.world)
        findings = checked(post)

    assert ids(findings, "error") == {"overlapping-options"}
    assert one(findings, "overlapping-options").where == "piBySex0001"
    assert "only one option of a category" in one(findings, "overlapping-options").remedy


@GENERATIONS
def test_events_that_fit_no_option_are_found(generation: str, tmp_path: Path) -> None:
    with village(tmp_path, generation) as post:
        tracker(post, "month | clinic | what | number\n202609 | b | unsaid | 4")
        found = one(checked(post), "uncategorised-events")

    assert found.where == "piBySex0001"
    assert "counts 4 that are in none of its category options" in found.what


@GENERATIONS
def test_an_indicator_that_cannot_be_run_is_found(generation: str, tmp_path: Path) -> None:
    with village(tmp_path, generation) as post:
        post.world.broken["piBySex0001"] = "42703"
        findings = checked(post)

    assert ids(findings, "error") == {"indicator-fails"}


def test_each_disaggregated_indicator_is_asked_once_for_each_level_of_the_account(
    tmp_path: Path,
) -> None:
    with village(tmp_path) as post:
        checked(post)
        alone = [seen for seen in post.sandbox.requests if seen.path == ASKED]

    assert len(alone) == 1
