"""Where the org units of the source leave a doubt about the cells that their counts fill."""

import polars as pl

from pipeline.cells.hierarchy import ids_on_path
from pipeline.cells.joining import with_columns_of
from pipeline.plan.rules import reasons
from pipeline.text.spelling import folded

_NO_NAME = ""


def differing_sites(
    placed: pl.DataFrame, listed: pl.Series, source: pl.DataFrame, target: pl.DataFrame
) -> pl.DataFrame:
    """The ids that have another name on the target than on the source: org_unit, is_another.

    `is_another`: the parent is another one too, and no code says that both are one site.
    `placed`: org_unit, target_org_unit. `listed`: the org units of the source whose
    place somebody wrote down. `source` and `target`: id, code, name, path, all org units of each.
    """
    kept = placed.filter(
        pl.col("org_unit") == pl.col("target_org_unit"),
        ~pl.col("org_unit").is_in(listed.implode()),
    )
    both = _described(source, kept["org_unit"]).join(
        _described(target, kept["org_unit"]), on="org_unit", how="inner", suffix="_there"
    )
    one_parent = pl.any_horizontal(
        (pl.col(part) == pl.col(f"{part}_there")) & (pl.col(part) != _NO_NAME)
        for part in ("parent", "parent_name")
    )
    both_roots = (pl.col("parent") == _NO_NAME) & (pl.col("parent_there") == _NO_NAME)
    one_code = (pl.col("code") == pl.col("code_there")).fill_null(value=False)
    differ = pl.col("name") != pl.col("name_there")
    return both.filter(differ).select("org_unit", is_another=~one_parent & ~both_roots & ~one_code)


def _described(org_units: pl.DataFrame, wanted: pl.Series) -> pl.DataFrame:
    """What tells sites apart: org_unit, code, name, parent and parent_name, names as folded."""
    parent = ids_on_path().list.get(-2, null_on_oob=True).fill_null(_NO_NAME)
    chosen = org_units.filter(pl.col("id").is_in(wanted.implode())).with_columns(parent=parent)
    names = dict(
        org_units.filter(pl.col("id").is_in(chosen["parent"].implode())).select("id", "name").rows()
    )
    return chosen.select(
        "code",
        "parent",
        pl.col("name").map_elements(folded, pl.String),
        org_unit="id",
        parent_name=pl.col("parent").map_elements(
            lambda one: folded(names.get(one, _NO_NAME)), pl.String
        ),
    )


def strange_levels(org_units: pl.DataFrame) -> pl.DataFrame:
    """The org units whose level is not the number of ids on their path; `org_units` has both."""
    return org_units.filter(pl.col("level") != ids_on_path().list.len().cast(pl.Int64))


def counted_twice(
    placed: pl.DataFrame, source: pl.DataFrame, assignments: pl.DataFrame
) -> pl.DataFrame:
    """The forms whose numbers hold those of a form that is filled too: data_set, org_unit.

    Analytics of an org unit count all below it. `placed`: org_unit, target_org_unit. `source`:
    id, path. `assignments`: data_set, org_unit (of the target).
    """
    going = placed.drop_nulls("target_org_unit")
    above = (
        going.join(source.select(org_unit="id", path="path"), on="org_unit", how="inner")
        .select("target_org_unit", above=ids_on_path(), org_unit="org_unit")
        .explode("above")
        .filter(pl.col("above") != pl.col("org_unit"))
    )
    nested = above.join(
        going.select(above="org_unit", upper="target_org_unit"), on="above", how="inner"
    ).select(org_unit="target_org_unit", upper="upper")
    both = nested.join(assignments, on="org_unit", how="inner").select("data_set", org_unit="upper")
    return (
        both.join(assignments, on=["data_set", "org_unit"], how="semi")
        .unique()
        .sort("data_set", "org_unit")
    )


def doubtful_sources(
    placed: pl.DataFrame, listed: pl.Series, source: pl.DataFrame, target: pl.DataFrame
) -> pl.DataFrame:
    """The org units of the target whose counts may be another's: org_unit, source_hold.

    Arguments as in `differing_sites`, `source` with level.
    """
    differing = differing_sites(placed, listed, source, target)
    found = [
        (differing.filter("is_another").select("org_unit"), reasons.ANOTHER_SITE),
        (strange_levels(source).select(org_unit="id"), reasons.LEVEL_NOT_OF_PATH),
    ]
    held = [
        placed.join(units, on="org_unit", how="semi").select(
            org_unit="target_org_unit", source_hold=pl.lit(reason)
        )
        for units, reason in found
    ]
    return pl.concat(held).drop_nulls("org_unit").unique("org_unit", keep="first")


def with_source_holds(
    cells: pl.DataFrame, by_site: pl.DataFrame, by_form: pl.DataFrame
) -> pl.DataFrame:
    """Cells of the image with a doubt about their source as hold_reason, before all others.

    `by_site`: as `doubtful_sources` gives it; `by_form`: as `counted_twice` does.
    """
    twice = by_form.with_columns(form_doubt=pl.lit(reasons.COUNTED_TWICE))
    for names, frame in ((("org_unit",), by_site), (("data_set", "org_unit"), twice)):
        cells = with_columns_of(cells, frame, names)
    doubt = pl.when("in_image").then(pl.coalesce("source_hold", "form_doubt"))
    return cells.with_columns(hold_reason=pl.coalesce(doubt, "hold_reason")).drop(
        "source_hold", "form_doubt"
    )
