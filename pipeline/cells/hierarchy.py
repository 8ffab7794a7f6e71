"""Where an org unit lies in the tree, by its path: /country/region/site, as DHIS2 writes it."""

from collections.abc import Iterable

import polars as pl


def ids_on_path() -> pl.Expr:
    """The ids on an org unit's `path`, the root's first, its own last; none on an empty path."""
    return pl.col("path").str.extract_all("[^/]+")


def ancestor_at(level: int) -> pl.Expr:
    """The id on an org unit's `path` at a level (the root has 1); null where it lies higher."""
    return ids_on_path().list.get(level - 1, null_on_oob=True)


def is_at_or_below(roots: Iterable[str] | pl.Expr) -> pl.Expr:
    """Whether an org unit, by its `path`, is one of `roots` or lies below one; below none: false.

    `roots` are whole ids, or an expression of lists of them. A null path lies nowhere: false.
    """
    wanted = roots if isinstance(roots, pl.Expr) else pl.lit([*roots], pl.List(pl.String))
    return (ids_on_path().list.set_intersection(wanted).list.len() > 0).fill_null(value=False)
