"""Two transfers share a cell when both fill it in the same period and org unit."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.verify.rules.overlaps import FilledCells, shared_cells
from tests.support.frames import frame


def filled(elements: str, periods: str, org_units: str) -> FilledCells:
    """What a transfer fills; every letter is an element, a period or an org unit."""
    rows = "\n".join(f"{element} | default | default" for element in elements)
    header = "data_element | category_option_combo | attribute_option_combo\n"
    return FilledCells(frame(header + rows), [*periods], [*org_units])


@pytest.mark.parametrize(
    ("theirs", "shared"),
    [
        (("ab", "12", "xy"), 8),
        (("b", "23", "yz"), 1),
        (("c", "12", "xy"), 0),
        (("ab", "34", "xy"), 0),
        (("ab", "12", "z"), 0),
    ],
)
def test_shared_are_the_cells_that_both_have(theirs: tuple[str, str, str], shared: int) -> None:
    assert shared_cells(filled("ab", "12", "xy"), filled(*theirs)) == shared


def test_a_cell_with_two_sources_is_one_cell() -> None:
    assert shared_cells(filled("aa", "11", "xx"), filled("a", "1", "x")) == 1


letters = st.text(alphabet="abc", min_size=1, max_size=3)


sides = st.builds(filled, letters, letters, letters)


@given(sides, sides)
def test_it_does_not_matter_who_asks(mine: FilledCells, theirs: FilledCells) -> None:
    assert shared_cells(mine, theirs) == shared_cells(theirs, mine)
