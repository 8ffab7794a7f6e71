"""Plain cells are counted where guards and the summary look: by form, site and period."""

import polars as pl

from pipeline.cells.dictionaries import empty_dictionaries, extend
from pipeline.cells.key import KEY
from pipeline.cells.packing import pack
from pipeline.plan.rules.plain_cells.census import kept_groups, plain_counts
from schemas.frames import trusted
from schemas.plan import KeptCells, NewValues
from tests.support.frames import frame

CELLS = frame("""
    data_element | period | org_unit | category_option_combo | attribute_option_combo | value | ours
    cases        | 202601 | hill     | boys                  | default                | 2     | x
    cases        | 202601 | hill     | girls                 | default                | 3     | x
    cases        | 202601 | valley   | girls                 | default                | 9     | -
    cases        | 202610 | hill     | boys                  | default                | 4     | x
    deaths       | 202601 | hill     | boys                  | default                | 1     | x
""").with_columns(pl.col("value").cast(pl.Float64), is_ours=pl.col("ours").is_not_null())
KNOWN = extend(empty_dictionaries(), CELLS.select(KEY))
FORMS = KNOWN.form_cells.with_columns(data_set=pl.lit("monthly"))
KEPT = trusted(pack(CELLS, KNOWN).select("cell", "value", "is_ours"), KeptCells)
NEW = trusted(
    KEPT.head(2).select("cell", "value", data_set=pl.lit("monthly", pl.Categorical)), NewValues
)


def test_what_is_kept_is_summed_up_by_element_site_and_age_and_what_is_ours_apart() -> None:
    groups = kept_groups(KEPT, FORMS, KNOWN, pl.Series(["202601"]))

    told = groups.select("data_element", "org_unit", "is_settled", "cells", "ours", "total")
    assert sorted(told.rows()) == [
        ("cases", "hill", False, 1, 1, 4.0),
        ("cases", "hill", True, 2, 2, 5.0),
        ("cases", "valley", True, 1, 0, 0.0),
        ("deaths", "hill", True, 1, 1, 1.0),
    ]
    assert set(groups["data_set"]) == {"monthly"}


def test_what_is_kept_and_new_is_counted_by_data_set_and_period() -> None:
    assert plain_counts(KEPT, NEW, FORMS, KNOWN).rows() == [
        ("create", "monthly", "202601", 2),
        ("keep", "monthly", "202601", 4),
        ("keep", "monthly", "202610", 1),
    ]
