"""A plain cell gets what the outcome table would give it, and no cell is lost beside the others."""

from typing import Literal

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.cells.bits import FORM_CELL_SHIFT
from pipeline.cells.numbers import canonical_text
from pipeline.plan.rules.deciding import decide
from pipeline.plan.rules.plain_cells.apart import (
    Ordinary,
    PlainCells,
    Sides,
    held_cells,
    plain_cells,
    right_numbers,
)
from pipeline.plan.rules.policy import PlanPolicy
from schemas.frames import empty, trusted
from schemas.plan import PlanCells
from schemas.values import PackedCells, PackedCurrentValues, PackedValues
from tests.support.frames import some_keys
from tests.support.whole_frames import whole

NUMBERS = st.sampled_from([None, 0.0, 1.0, 2.5, 1e-11])
TEXTS = st.sampled_from([None, "0", "1", "1.0", "2.5", "many", ""])
CELLS = st.lists(st.tuples(NUMBERS, TEXTS, NUMBERS), min_size=1, max_size=12)
POLICIES = st.builds(
    PlanPolicy,
    existing=st.sampled_from(["merge", "append", "update"]),
    zeros=st.sampled_from(["as_element", "store", "skip"]),
    vanished=st.sampled_from(["retract", "zero", "leave"]),
    adopt_stored_by=st.sampled_from([(), ("oldscript",)]),
)
Cells = list[tuple[float | None, str | None, float | None]]


NOTHING_RIGHT = empty(PackedValues)


def numbers(told: list[float | None]) -> pl.DataFrame:
    cells = {"cell": range(len(told)), "value": told}
    return pl.DataFrame(cells, schema={"cell": pl.UInt64, "value": pl.Float64}).drop_nulls()


def sides(cells: Cells) -> Sides:
    tracker, target, ledger = map(list, zip(*cells, strict=True))
    current = pl.DataFrame(
        {"cell": range(len(cells)), "value": target, "stored_by": ["oldscript"] * len(cells)},
        schema={"cell": pl.UInt64, "value": pl.String, "stored_by": pl.String},
    ).drop_nulls("value")
    return Sides(
        trusted(numbers(tracker), PackedValues),
        held_cells([whole(current, PackedCurrentValues)], NOTHING_RIGHT).numbers,
        trusted(numbers(ledger), PackedValues),
    )


def somewhere(
    *, keeps_zeros: bool = True, is_registered: bool = False, but_not: int = -1
) -> Ordinary:
    """All cells lie in one form cell, at org units 0 to 99."""
    return Ordinary(
        pl.DataFrame(
            {"id": [0], "keeps_zeros": [keeps_zeros]},
            schema={"id": pl.UInt64, "keeps_zeros": pl.Boolean},
        ),
        pl.DataFrame({"id": range(100)}, schema={"id": pl.UInt64}).with_columns(
            is_registered=pl.lit(is_registered)
        ),
        trusted(
            pl.DataFrame({"cell": [but_not] if but_not >= 0 else []}, schema={"cell": pl.UInt64}),
            PackedCells,
        ),
    )


def decided(cells: Cells, policy: PlanPolicy, *, keeps_zeros: bool) -> list[tuple[str, bool]]:
    """What the table says of each cell: the action, and whether the ledger's entry is closed."""
    keys = some_keys(period=[str(at) for at in range(len(cells))])
    tracker, target, ledger = map(list, zip(*cells, strict=True))
    rows = keys.with_columns(
        tracker_value=pl.Series(tracker, dtype=pl.Float64),
        current_value=pl.Series(target, dtype=pl.String),
        ledger_value=pl.Series(ledger, dtype=pl.Float64),
        in_image=pl.lit(value=True),
        zero_is_significant=pl.lit(keeps_zeros),
        stored_by=pl.lit("oldscript"),
    )
    return decide(whole(rows, PlanCells), policy).select("action", "closes_ledger").rows()


@given(CELLS, POLICIES, st.booleans())
def test_a_plain_cell_is_what_the_outcome_table_makes_of_it(
    cells: Cells, policy: PlanPolicy, keeps_zeros: bool
) -> None:
    plain = plain_cells(sides(cells), somewhere(keeps_zeros=keeps_zeros), policy)
    told = decided(cells, policy, keeps_zeros=keeps_zeros)

    assert {told[cell] for cell in plain.kept["cell"]} <= {("keep", False)}
    assert {told[cell] for cell in plain.new["cell"]} <= {("create", False)}
    for cell, value, is_ours in plain.kept.rows():
        assert (value, is_ours) == (cells[cell][0], cells[cell][2] is not None)


@given(CELLS)
def test_what_is_right_or_new_as_numbers_tell_it_is_plain(cells: Cells) -> None:
    plain = plain_cells(sides(cells), somewhere(), PlanPolicy())

    same = [at for at, (p, c, ledger) in enumerate(cells) if _is_right(p, c, ledger)]
    fresh = [at for at, one in enumerate(cells) if one[0] is not None and one[1:] == (None, None)]
    assert plain.kept["cell"].to_list() == same
    assert plain.new["cell"].to_list() == fresh


def _is_right(tracker: float | None, target: str | None, ledger: float | None) -> bool:
    held = float(target) if target and target != "many" else None
    return tracker is not None and tracker == held and ledger in {None, tracker}


@given(CELLS, POLICIES)
def test_no_side_loses_a_cell_to_the_rest(cells: Cells, policy: PlanPolicy) -> None:
    everything = sides(cells)
    plain = plain_cells(everything, somewhere(), policy)
    gone = pl.concat([plain.kept["cell"], plain.new["cell"]]).sort()
    rest = everything.without(gone)

    for whole_side, left in zip(everything, rest, strict=True):
        kept = whole_side.filter(~pl.col("cell").is_in(gone.implode()))
        assert left.equals(kept)


Place = Literal["but_not", "is_registered", "elsewhere"]


@pytest.mark.parametrize(
    ("place", "kept", "new"), [("but_not", 0, 1), ("is_registered", 1, 0), ("elsewhere", 0, 0)]
)
def test_where_something_else_decides_a_cell_is_not_plain(
    place: Place, kept: int, new: int
) -> None:
    right_and_new: Cells = [(1.0, "1", 1.0), (2.0, None, None)]
    ordinary = {
        "but_not": somewhere(but_not=0),
        "is_registered": somewhere(is_registered=True),
        "elsewhere": somewhere(),
    }[place]
    everything = sides(right_and_new)
    if place == "elsewhere":
        moved = [side.with_columns(pl.col("cell") + FORM_CELL_SHIFT) for side in everything]
        everything = Sides(*moved)

    plain = plain_cells(everything, ordinary, PlanPolicy())

    assert (plain.kept.height, plain.new.height) == (kept, new)


def told(plain: PlainCells) -> list[str]:
    return plain.new.select(canonical_text(pl.col("value"))).to_series().to_list()


def test_an_insignificant_zero_is_right_where_nothing_stands() -> None:
    nothing: Cells = [(0.0, None, None), (3.0, None, None)]

    assert told(plain_cells(sides(nothing), somewhere(), PlanPolicy())) == ["0", "3"]
    plain = plain_cells(sides(nothing), somewhere(keeps_zeros=False), PlanPolicy())
    assert (told(plain), plain.kept["cell"].to_list()) == (["3"], [0])


def test_only_what_is_not_simply_right_keeps_its_texts_and_all_keep_their_numbers() -> None:
    tracker = trusted(numbers([1.0, 2.0, 3.0, None]), PackedValues)
    ledger = trusted(numbers([1.0, None, 4.0, None]), PackedValues)
    right = right_numbers(tracker, ledger, adopts=False)
    assert right["cell"].to_list() == [0, 1]
    assert right_numbers(tracker, ledger, adopts=True)["cell"].to_list() == [0]

    rows = [(3, "9", "clerk"), (1, "2.0", "clerk"), (0, "1", "tally")]
    again = [(2, "3", "clerk"), (0, "1", "tally")]
    shape = {"cell": pl.UInt64, "value": pl.String, "stored_by": pl.String}
    parts = [
        whole(pl.DataFrame(part, schema=shape, orient="row"), PackedCurrentValues)
        for part in (rows, again)
    ]
    held = held_cells(parts, right)

    assert held.numbers.select("cell", "number").rows() == [(0, 1.0), (1, 2.0), (2, 3.0), (3, 9.0)]
    assert held.texts_of(held.numbers).select("cell", "value", "stored_by").sort("cell").rows() == [
        (0, "1", None),
        (1, "2", None),
        (2, "3", "clerk"),
        (3, "9", "clerk"),
    ]
