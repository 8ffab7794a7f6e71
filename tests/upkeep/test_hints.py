"""Two servers are asked what a transfer between them could be; nothing is made up."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from pipeline.upkeep.hints import ServerHints, ask_for_hints, reporting_level
from tests.support.deployments import Post
from tests.support.village import DATA_SET, DEFAULT, village

GENERATIONS = pytest.mark.parametrize("generation", ["2.42", "2.43"])


@pytest.fixture
def post(tmp_path: Path) -> Iterator[Post]:
    with village(tmp_path) as opened:
        yield opened


@GENERATIONS
def test_what_the_servers_show_is_there_in_their_own_words(generation: str, tmp_path: Path) -> None:
    with village(tmp_path, generation) as post:
        hints = ask_for_hints(post.client, post.client)

    assert sorted(one["id"] for one in hints.indicators) == [
        "piBySex0001",
        "piCases0001",
        "piEnrolled1",
    ]
    assert [one["id"] for one in hints.data_sets] == [DATA_SET]
    assert hints.default_combo == "ccDefault01"
    assert sorted(hints.forms.options["caSex000001"]) == ["coBoys00001", "coGirls0001"]
    assert hints.forms.combo_of_options["ccSex000001", ("coBoys00001",)] == "cocBoys0001"
    assert DEFAULT in hints.forms.combos


def hints_of(post: Post) -> ServerHints:
    return ask_for_hints(post.client, post.client)


def test_an_element_is_found_by_its_code_too_and_an_id_is_never_another_ones_code(
    post: Post,
) -> None:
    cases, enrolled, *_ = post.world.metadata["dataElements"]
    cases["code"], enrolled["code"] = "CASES", "deCases0001"

    elements = hints_of(post).forms.elements

    assert elements["CASES"] == "deCases0001"
    assert elements["deCases0001"] == "deCases0001"


def test_an_element_of_tracker_is_no_cell_of_a_form(post: Post) -> None:
    post.world.metadata["dataElements"][0]["domainType"] = "TRACKER"

    assert "deCases0001" not in hints_of(post).forms.elements


def test_org_units_report_at_the_level_where_most_of_them_stand(post: Post) -> None:
    assert reporting_level(post.client, [DATA_SET]) == 2
    assert reporting_level(post.client, []) is None


def test_of_two_levels_with_as_many_org_units_it_is_the_deeper(post: Post) -> None:
    form = post.world.metadata["dataSets"][0]
    form["organisationUnits"] = [{"id": "ouVillage01"}, {"id": "ouClinic00a"}]

    assert reporting_level(post.client, [DATA_SET]) == 2
