"""The bench measures programs that do their work: a small country moves, and the form is right."""

from pathlib import Path

import pytest

from tests.bench.country import counted, expected
from tests.bench.results import as_markdown, in_two_lines, quoted, ratio
from tests.bench.rounds import NIGHTS, PROGRAMS, ROOT, Bench, Cost, serving

VALUES = 2_000


@pytest.fixture(scope="module")
def costs(tmp_path_factory: pytest.TempPathFactory) -> list[Cost]:
    folder: Path = tmp_path_factory.mktemp("bench")
    with serving(VALUES) as address:
        return Bench(address, counted(VALUES), folder, "2.42.4").round(0)


def test_all_programs_move_every_value_and_only_the_plain_one_leaves_stale_cells(
    costs: list[Cost],
) -> None:
    assert [(one.night, one.program) for one in costs] == [
        (night, program) for night in NIGHTS for program in PROGRAMS
    ]
    assert [(one.missing, one.wrong) for one in costs] == [(0, 0)] * 9
    stale = {(one.night, one.program) for one in costs if one.stale}
    assert stale == {("second", "plain"), ("same", "plain")}


def test_only_the_plain_script_posts_what_did_not_change(costs: list[Cost]) -> None:
    first, second = (expected(counted(VALUES), night).height for night in ("first", "second"))

    assert [one.values for one in costs[:3]] == [first] * 3
    assert costs[3].values == costs[5].values < VALUES / 50
    assert costs[4].values == costs[7].values == second
    assert costs[6].values == costs[8].values == 0


def test_the_results_name_every_phase_and_no_number_that_was_not_measured(
    costs: list[Cost],
) -> None:
    told = as_markdown(costs, values=VALUES, machine=["a machine"], start_up=["a start"])

    assert "| start and end | extract | transform | plan | load |" in told
    assert f"{costs[0].cpu / costs[1].cpu:.2f} | {costs[0].cpu / costs[2].cpu:.2f} |" in told
    assert ratio(costs, "second", "values") == costs[4].values / costs[3].values


def test_the_readme_has_a_place_for_what_was_measured(costs: list[Cost]) -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    lines = in_two_lines(costs, values=VALUES)

    told = quoted(readme, lines)

    assert lines in told
    assert f"it posts {costs[3].values} values" in lines
    assert quoted(told, lines) == told
