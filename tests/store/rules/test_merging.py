"""What changes is found by laying what is known and what is new side by side."""

from random import Random

import polars as pl
import pytest

from pipeline.store.rules.merging import changes_of, merged, sorted_by_cell, with_changes, without

SHAPE = {"cell": pl.UInt64, "value": pl.Float64}


def numbers(found: dict[int, float]) -> pl.DataFrame:
    return pl.DataFrame({"cell": [*found], "value": [*found.values()]}, schema=SHAPE)


def cells(*found: int) -> pl.DataFrame:
    return pl.DataFrame({"cell": found}, schema={"cell": pl.UInt64})


def image(*org_units: int) -> list[pl.DataFrame]:
    return [cells(*ids).rename({"cell": "id"}) for ids in ((0,), (0,), org_units)]


def test_silence_is_a_change_inside_the_image_only_and_unknown_cells_stay() -> None:
    known, asked = numbers({1: 1, 2: 2, 3: 3, 4: 4}), numbers({1: 10, 5: 5, 6: 6})

    found = changes_of(known, asked, cells(4, 6), image(1, 2, 4, 5, 6))

    assert found.rows() == [(1, 1.0, 10.0), (2, 2.0, None), (5, None, 5.0)]
    after = with_changes(known, found.select("cell", value="new_value"))
    assert after.rows() == [(1, 10.0), (3, 3.0), (4, 4.0), (5, 5.0)]


@pytest.mark.parametrize("seed", range(50))
def test_what_is_found_is_what_a_walk_over_all_cells_finds(seed: int) -> None:
    random, places = Random(seed), range(12)

    def some(share: float) -> dict[int, float]:
        return {cell: float(random.randint(0, 2)) for cell in places if random.random() < share}

    known, asked = some(random.random()), some(random.random())
    unknown, inside = some(0.2), some(0.7)
    shuffled = dict(random.sample([*asked.items()], len(asked)))
    expected = [
        (cell, known.get(cell), asked.get(cell))
        for cell in places
        if known.get(cell) != asked.get(cell)
        and cell not in unknown
        and (cell in asked or cell in inside)
    ]

    found = changes_of(numbers(known), numbers(shuffled), cells(*unknown), image(*inside))

    assert found.rows() == expected
    left = known | {cell: new for cell, _, new in expected if new is not None}
    gone = {cell for cell, _, new in expected if new is None}
    after = with_changes(numbers(known), found.select("cell", value="new_value"))
    assert after.rows() == sorted((cell, left[cell]) for cell in left if cell not in gone)


def test_rows_are_put_into_their_order_and_those_of_some_cells_left_out() -> None:
    rows = numbers({3: 3, 1: 1})

    assert sorted_by_cell(rows)["cell"].to_list() == [1, 3]
    assert without(rows, cells(3, 7)).rows() == [(1, 1.0)]
    assert without(rows, cells()).rows() == [(1, 1.0), (3, 3.0)]
    assert merged(rows, numbers({2: 2}))["cell"].to_list() == [1, 2, 3]
    assert merged(rows, numbers({}))["cell"].to_list() == [1, 3]
