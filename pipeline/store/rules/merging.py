"""What is known and what is new, side by side in the order of cells: what changes, what stands.

Polars joins two sorted columns by walking along both, in a fifth of the time of any other join.
"""

from collections.abc import Collection

import polars as pl

from pipeline.cells.bits import form_cell_number, org_unit_number, period_number


def changes_of(
    known: pl.DataFrame,
    asked: pl.DataFrame,
    unknown: pl.DataFrame,
    image: Collection[pl.DataFrame],
) -> pl.DataFrame:
    """One row per cell that has another number than was known: `cell`, `old_value`, `new_value`.

    `known` and `asked` have `cell` and `value`; `unknown` has the cells of which nothing is
    believed. Only inside the image, given as the `id` of its periods, form cells and org units,
    does silence mean that a number vanished.
    """
    axes = zip((period_number, form_cell_number, org_unit_number), image, strict=True)
    is_inside = pl.all_horizontal(
        part(pl.col("cell")).is_in(axis["id"].implode()) for part, axis in axes
    )
    before = sorted_by_cell(known).rename({"value": "old_value"})
    after = sorted_by_cell(asked).rename({"value": "new_value"})
    # A cell that is there twice is found by the store's checks, with a letter.
    differing = after.join(before, on="cell", how="left", validate="m:m").filter(
        pl.col("old_value").ne_missing(pl.col("new_value"))
    )
    vanished = before.join(after, on="cell", how="left", validate="m:m").filter(
        pl.col("new_value").is_null() & is_inside
    )
    found = merged(*(one.select("cell", "old_value", "new_value") for one in (differing, vanished)))
    return without(found, unknown)


def with_changes(known: pl.DataFrame, changed: pl.DataFrame) -> pl.DataFrame:
    """What is known, but what `changed` has instead: its `cell` with its `value`, null for none."""
    return merged(without(known, changed), changed.filter(pl.col("value").is_not_null()))


def without(rows: pl.DataFrame, cells: pl.DataFrame) -> pl.DataFrame:
    """The rows whose cell is not among these, in the order of cells."""
    if cells.is_empty():
        return sorted_by_cell(rows)
    those = sorted_by_cell(cells.select("cell", _is_there=True))
    beside = sorted_by_cell(rows).join(those, on="cell", how="left", validate="m:m")
    return beside.filter(pl.col("_is_there").is_null()).drop("_is_there")


def merged(one: pl.DataFrame, other: pl.DataFrame) -> pl.DataFrame:
    """The rows of two frames in the order of cells, of which each has its own."""
    if one.is_empty() or other.is_empty():
        return sorted_by_cell(one if other.is_empty() else other)
    return sorted_by_cell(one).merge_sorted(sorted_by_cell(other), key="cell")


def sorted_by_cell(rows: pl.DataFrame) -> pl.DataFrame:
    """The rows in the order of their cells, which polars then knows to be sorted."""
    is_sorted = rows["cell"].is_sorted()
    return rows.set_sorted("cell") if is_sorted else rows.sort("cell")
