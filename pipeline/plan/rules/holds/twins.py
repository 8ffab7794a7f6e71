"""Which option combos have a twin, so that one number may stand in two cells."""

import polars as pl

from pipeline.plan.rules import reasons

_PARTS = ("category_option_combo", "attribute_option_combo")


def twin_combos(combos: pl.DataFrame) -> pl.DataFrame:
    """The option combos that have a twin: id, twin_hold, with_twin (the id of all of them).

    Twins have the same options in one category combo, or both are default ones, of whichever
    combo. `combos`: id, category_combo, category_options, is_default. One whose options the
    account does not see is nobody's twin for its options.
    """
    options = pl.col("category_options")
    of_default = pl.col("is_default")
    alike = (
        combos.filter(of_default | (options.list.len() > 0))
        .with_columns(
            _combo=pl.when(~of_default).then("category_combo"),
            _options=pl.when(~of_default).then(options.list.sort().list.join("+")),
        )
        .sort("id")
        .with_columns(with_twin=pl.col("id").implode().over("_combo", "_options", "is_default"))
        .filter(pl.col("with_twin").list.len() > 1)
    )
    hold = pl.when(of_default).then(pl.lit(reasons.TWO_DEFAULTS))
    return alike.select(
        "id", "with_twin", twin_hold=hold.otherwise(pl.lit(reasons.TWIN_COMBO))
    ).select("id", "twin_hold", "with_twin")


def with_twin_holds(placed: pl.DataFrame, combos: pl.DataFrame) -> pl.DataFrame:
    """The form cells as `place_form_cells` places them, those held too that a twin makes doubtful.

    What is wrong with the element comes first. `combos` as in `twin_combos`.
    """
    twins = dict(twin_combos(combos).select("id", "twin_hold").rows())
    if not twins:
        return placed
    doubt = pl.coalesce(
        pl.col(part).replace_strict(twins, default=None, return_dtype=pl.String) for part in _PARTS
    )
    of_element = pl.col("form_hold") == reasons.ELEMENT_NOT_IN_DATA_SET
    return placed.with_columns(
        form_hold=pl.when(of_element.fill_null(value=False))
        .then("form_hold")
        .otherwise(pl.coalesce(doubt, "form_hold"))
    )
