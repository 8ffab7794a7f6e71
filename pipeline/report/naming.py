"""Call what stands in a table by its name, so that no two things are called the same."""

from collections.abc import Mapping

import polars as pl

from pipeline.text.escaping import told_apart

# A combo is told beside its data element, within which its name is the only one of its kind; the
# same name in another category combo is no reason to put ids beside both.
_TOLD_BESIDE = ("category_option_combo",)

NamesByColumn = Mapping[str, Mapping[str, str]]


def named(rows: pl.DataFrame, names: NamesByColumn) -> pl.DataFrame:
    """Put names in the place of ids, with the id where two look the same.

    `names` gives, per column, the name of each id; an id without a name stays.
    """
    return rows.with_columns(
        pl.col(column).replace(display_names(column, names))
        for column in names
        if column in rows.columns
    )


def display_names(column: str, names: NamesByColumn) -> dict[str, str]:
    """What people read for each id of a column."""
    known = names.get(column, {})
    return dict(known) if column in _TOLD_BESIDE else told_apart(known)
