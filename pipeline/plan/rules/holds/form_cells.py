"""Where a form cell belongs, and whether the account may write it there."""

import polars as pl

from pipeline.cells.key import FORM_CELL
from pipeline.plan.rules import reasons
from pipeline.text.errors import UsageError
from pipeline.text.escaping import with_id
from pipeline.text.wording import count, number
from schemas.metadata import TargetMetadata

_SHOWN = 10


def in_several_data_sets(mapping: pl.DataFrame, data_set_elements: pl.DataFrame) -> list[str]:
    """The mapped elements that are in several of the data sets, with none named, sorted.

    `mapping`: data_element, data_set ("": none named). `data_set_elements`: data_set, data_element.
    """
    unnamed = mapping.filter(pl.col("data_set") == "").select("data_element").unique()
    shared = data_set_elements.join(unnamed, on="data_element", how="semi")
    return sorted(shared.filter(pl.col("data_element").is_duplicated())["data_element"].unique())


def insist_on_one_data_set(mapping: pl.DataFrame, target: TargetMetadata) -> None:
    """Raise `UsageError` where it is not said into which of two data sets a count goes."""
    if doubtful := in_several_data_sets(mapping, target.data_set_elements):
        names = target.display_names["data_element"]
        called = [
            with_id(names[one], one) if names.get(one, one) != one else one
            for one in doubtful[:_SHOWN]
        ]
        more = len(doubtful) - _SHOWN
        are = "is" if len(doubtful) == 1 else "are"
        raise UsageError(
            f"{count(len(doubtful), 'mapped data element')} {are} in several of the "
            "target data sets, and the mapping does not say in which: "
            + ", ".join(called)
            + (f" and {number(more)} more" if more > 0 else ""),
            where="mappings/data_elements.csv and [target] in transfer.toml",
            remedy="name the data set of each in the column data_set of the mapping",
        )


def place_form_cells(
    form_cells: pl.DataFrame,
    data_sets: pl.DataFrame,
    data_set_elements: pl.DataFrame,
    category_option_combos: pl.DataFrame,
) -> pl.DataFrame:
    """The data set of each form cell, and what forbids writing it anywhere.

    `form_cells`: FORM_CELL and data_set ("": the only one that has the element). The others are
    the target's metadata: `data_sets` (id, category_combo, can_write), `data_set_elements`
    (data_set, data_element, category_combo), `category_option_combos` (id, category_combo).
    Gives FORM_CELL, data_set (null: in none) and form_hold (null: nothing forbids it).
    """
    only = (
        data_set_elements.group_by("data_element", maintain_order=True)
        .agg(pl.col("data_set").sort().first().alias("_data_set"))
        .select("data_element", "_data_set")
    )
    placed = form_cells.join(
        only, on="data_element", how="left", validate="m:1", maintain_order="left"
    ).with_columns(
        data_set=pl.when(pl.col("data_set") == "")
        .then(pl.col("_data_set"))
        .otherwise(pl.col("data_set"))
    )
    combos = category_option_combos
    return (
        placed.join(
            data_set_elements.select("data_set", "data_element", _combo="category_combo"),
            on=["data_set", "data_element"],
            how="left",
            validate="m:1",
            maintain_order="left",
        )
        .join(
            combos.select(category_option_combo="id", _own="category_combo"),
            on="category_option_combo",
            how="left",
            validate="m:1",
            maintain_order="left",
        )
        .join(
            combos.select(attribute_option_combo="id", _attribute="category_combo"),
            on="attribute_option_combo",
            how="left",
            validate="m:1",
            maintain_order="left",
        )
        .join(
            data_sets.select(data_set="id", _set_combo="category_combo", _write="can_write"),
            on="data_set",
            how="left",
            validate="m:1",
            maintain_order="left",
        )
        .with_columns(form_hold=_form_hold())
        .select(*FORM_CELL, "data_set", "form_hold")
    )


def _form_hold() -> pl.Expr:
    return (
        pl.when(pl.col("_combo").is_null() | pl.col("_set_combo").is_null())
        .then(pl.lit(reasons.ELEMENT_NOT_IN_DATA_SET))
        .when(pl.col("_own").ne_missing(pl.col("_combo")))
        .then(pl.lit(reasons.COMBO_NOT_IN_ELEMENT))
        .when(pl.col("_attribute").ne_missing(pl.col("_set_combo")))
        .then(pl.lit(reasons.ATTRIBUTE_COMBO_NOT_IN_DATA_SET))
        .when(~pl.col("_write").fill_null(value=True))
        .then(pl.lit(reasons.NO_WRITE_ACCESS))
    )
