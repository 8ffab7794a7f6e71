"""Cells about which nothing has to be decided: right already, or new in a form that is open.

Nearly all of a night's cells are. They are told by their three numbers alone, without a text;
what is left is decided cell by cell. The outcome table (outcome_table.py) would say the same.
"""

from collections.abc import Iterable
from typing import NamedTuple

import polars as pl
from pandera.typing.polars import DataFrame

from pipeline.cells.bits import form_cell_number, org_unit_number
from pipeline.cells.numbers import canonical_text
from pipeline.plan.rules.policy import PlanPolicy
from schemas.frames import columns, empty, trusted
from schemas.plan import KeptCells
from schemas.values import CurrentNumbers, PackedCells, PackedCurrentValues, PackedValues


class Sides(NamedTuple):
    """What tracker, the target and the ledger say of cells: each once, sorted by its number."""

    values: DataFrame[PackedValues]
    current: DataFrame[CurrentNumbers]
    ledger: DataFrame[PackedValues]

    def without(self, cells: pl.Series) -> "Sides":
        """The same but for some cells (sorted)."""
        gone = pl.DataFrame({"cell": cells}).with_columns(_gone=pl.lit(value=True))
        values, current, ledger = (
            side.join(gone, on="cell", how="left", maintain_order="left")
            .filter(pl.col("_gone").is_null())
            .drop("_gone")
            for side in self
        )
        return Sides(
            trusted(values, PackedValues),
            trusted(current, CurrentNumbers),
            trusted(ledger, PackedValues),
        )


class Held(NamedTuple):
    """What the target holds: all numbers, and the texts of those that are not simply right.

    `texts` lie as `numbers.row` tells.
    """

    numbers: DataFrame[CurrentNumbers]
    texts: DataFrame[PackedCurrentValues]

    def texts_of(self, numbers: DataFrame[CurrentNumbers]) -> DataFrame[PackedCurrentValues]:
        """Some of the cells with their texts; a number that is right has no more than itself."""
        known = self.texts[numbers["row"].drop_nulls()]
        right = numbers.filter(pl.col("row").is_null()).select(
            "cell", value=canonical_text(pl.col("number"))
        )
        both = pl.concat([known, right], how="diagonal")
        return trusted(both.select(columns(PackedCurrentValues)), PackedCurrentValues)


def right_numbers(
    values: DataFrame[PackedValues], ledger: DataFrame[PackedValues], *, adopts: bool
) -> DataFrame[PackedValues]:
    """The numbers of tracker that need no text beside them, where the target holds the same.

    They are ours as they are, or, where nothing is adopted (`adopts`), not ours.
    """
    both = values.join(
        ledger.select("cell", ours="value"), on="cell", how="left", maintain_order="left"
    )
    strange = pl.col("ours").is_null() & pl.lit(not adopts)
    right = both.filter(strange | (pl.col("ours") == pl.col("value"))).drop("ours")
    return trusted(right, PackedValues)


def held_cells(
    parts: Iterable[DataFrame[PackedCurrentValues]], right: DataFrame[PackedValues]
) -> Held:
    """What the target holds, answer by answer; of what holds a `right` number no text is kept."""
    texts, numbers, at = [empty(PackedCurrentValues)], [empty(CurrentNumbers)], 0
    for part in parts:
        told = (
            part.select(
                "cell",
                number=pl.col("value").cast(pl.Float64, strict=False),
                place=pl.int_range(pl.len(), dtype=pl.UInt32),
            )
            .sort("cell")
            .join(right.select("cell", right="value"), on="cell", how="left", maintain_order="left")
        )
        other = (pl.col("number") != pl.col("right")).fill_null(value=True)
        texts.append(trusted(part[told.filter(other)["place"]], PackedCurrentValues))
        row = pl.when(other).then(other.cum_sum() - 1 + at).cast(pl.UInt32)
        numbers.append(trusted(told.select("cell", "number", row=row), CurrentNumbers))
        at += texts[-1].height
    in_order = pl.concat(numbers, rechunk=True).sort("cell", maintain_order=True)
    again = (in_order["cell"] == in_order["cell"].shift(1)).fill_null(value=False)
    return Held(
        trusted(in_order.filter(~again), CurrentNumbers),
        trusted(pl.concat(texts, rechunk=True), PackedCurrentValues),
    )


class Ordinary(NamedTuple):
    """The places where nothing but the numbers decides, and the cells that are not so there.

    `form_cells`: id, keeps_zeros; in the mapping, in a data set, held by nothing. `org_units`: id,
    is_registered (the site register rules there). `but_not`: cell.
    """

    form_cells: pl.DataFrame
    org_units: pl.DataFrame
    but_not: DataFrame[PackedCells]


class PlainCells(NamedTuple):
    """Cells that are right already (`kept`), and new ones that only a closed form can hold."""

    kept: DataFrame[KeptCells]
    new: DataFrame[PackedValues]


def plain_cells(sides: Sides, ordinary: Ordinary, policy: PlanPolicy) -> PlainCells:
    """Those of some cells about which nothing has to be decided; sorted.

    Numbers that are equal as they stand are one; all else of the table is for `decide`. A join of
    frames sorted by cell costs a tenth of one whose uniqueness is looked at again: it is in the
    frames' types.
    """
    cells = (
        sides.values.join(
            sides.current.select("cell", "number", held=pl.lit(value=True)),
            on="cell",
            how="left",
            maintain_order="left",
        )
        .join(
            sides.ledger.select("cell", ours="value"), on="cell", how="left", maintain_order="left"
        )
        .with_columns(_places(ordinary))
        .filter("ordinary")
    )
    kept = cells.filter(_is_kept(policy)).select(
        "cell", "value", is_ours=pl.col("ours").is_not_null()
    )
    new = cells.filter(_is_new(policy)).select("cell", "value")
    return PlainCells(trusted(kept, KeptCells), trusted(new, PackedValues))


def _places(ordinary: Ordinary) -> list[pl.Expr]:
    """Whether a cell lies in an ordinary place, whether zeros count and the register rules there.

    A number is looked up by its place in a list, which costs a tenth of a join.
    """
    form_cell, org_unit = form_cell_number(pl.col("cell")), org_unit_number(pl.col("cell"))
    form_cells, org_units = ordinary.form_cells, ordinary.org_units
    registered = org_units.filter("is_registered")
    keeping = form_cells.filter("keeps_zeros")
    known = _is_among(form_cell, form_cells["id"]) & _is_among(org_unit, org_units["id"])
    others = ordinary.but_not["cell"]
    return [
        (known & ~pl.col("cell").is_in(others.implode())).alias("ordinary"),
        _is_among(form_cell, keeping["id"]).alias("keeps_zeros"),
        _is_among(org_unit, registered["id"]).alias("is_registered"),
    ]


def _is_among(number: pl.Expr, ids: pl.Series) -> pl.Expr:
    """Whether a number is one of some ids."""
    last = ids.max()
    size = 0 if last is None else int(str(last)) + 1
    marks = pl.Series([False]).new_from_index(0, size + 1)
    marks = marks.scatter(ids.cast(pl.UInt32).to_list(), True) if size else marks
    return pl.lit(marks).gather(pl.min_horizontal(number, pl.lit(size, pl.UInt64)))


def _zero_is_nothing(policy: PlanPolicy) -> pl.Expr:
    """Whether tracker's number is a zero that means the same as no row."""
    counts = pl.col("keeps_zeros") if policy.zeros != "skip" else pl.lit(value=False)
    return (pl.col("value") == 0) & ~counts


def _is_kept(policy: PlanPolicy) -> pl.Expr:
    """Whether the target holds tracker's number, which is ours or nobody's that we would adopt."""
    adopts = bool(policy.adopt_stored_by) or policy.adopt_aggregated
    strange = pl.col("ours").is_null() & pl.lit(not adopts)
    agrees = (pl.col("number") == pl.col("value")) & (strange | (pl.col("ours") == pl.col("value")))
    nowhere = pl.col("held").is_null() & pl.col("ours").is_null()
    nothing = nowhere & _zero_is_nothing(policy) & pl.lit(policy.zeros != "store")
    return (agrees | nothing).fill_null(value=False)


def _is_new(policy: PlanPolicy) -> pl.Expr:
    """Whether neither target nor ledger have anything, and the policy takes what is new."""
    nowhere = pl.col("held").is_null() & pl.col("ours").is_null()
    wanted = ~_zero_is_nothing(policy) & ~pl.col("is_registered")
    return nowhere & wanted & pl.lit(policy.existing != "update")
