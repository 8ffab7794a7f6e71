"""Find the data sets that suggested values belong to; a transfer has one type of period."""

from collections.abc import Iterable
from typing import NamedTuple

import polars as pl

from pipeline.upkeep.rules.suggest.mapping import Doubt, Suggestion
from schemas.metadata import Json

_FORMS = {"data_set": pl.String, "period_type": pl.String, "data_element": pl.String}


class Home(NamedTuple):
    """The data sets of the commonest type of period, and the rows that they take.

    `period_type` is empty when no data set takes any of the rows.
    """

    period_type: str
    data_sets: list[str]
    rows: pl.DataFrame
    doubts: list[Doubt]


def choose_data_sets(suggestion: Suggestion, data_sets: Iterable[Json]) -> Home:
    """Choose the data sets whose elements were suggested, as `/api/dataSets` lists them.

    A row whose element is in none of them is taken out, and comes back as a doubt; so does one
    whose element is in several, which stays.
    """
    rows = suggestion.rows
    parts = [
        (one["id"], one["periodType"], part["dataElement"]["id"])
        for one in data_sets
        for part in one.get("dataSetElements") or ()
    ]
    forms = pl.DataFrame(parts, schema=_FORMS, orient="row").join(
        rows, on="data_element", how="semi"
    )
    period_type = _commonest(forms)
    chosen = forms.filter(pl.col("period_type") == period_type)
    homes = chosen.group_by("data_element").agg(homes=pl.col("data_set").unique().sort())
    kept = rows.join(homes, on="data_element", how="semi", maintain_order="left")
    homeless = rows.join(homes, on="data_element", how="anti")
    shared = kept.join(homes.filter(pl.col("homes").list.len() > 1), on="data_element", how="inner")
    doubts = [
        Doubt(
            indicator,
            f"no {period_type} data set has its data element {element}".replace("  ", " "),
        )
        for indicator, element in _pairs(homeless)
    ] + [
        Doubt(
            indicator,
            f"several data sets have its data element {element}; name one in data_set",
        )
        for indicator, element in _pairs(shared)
    ]
    return Home(
        period_type, chosen["data_set"].unique().sort().to_list(), kept, suggestion.doubts + doubts
    )


def _commonest(forms: pl.DataFrame) -> str:
    counts = (
        forms.group_by("period_type")
        .agg(elements=pl.col("data_element").n_unique())
        .sort("elements", "period_type", descending=[True, False])
    )
    return "" if counts.is_empty() else str(counts["period_type"][0])


def _pairs(rows: pl.DataFrame) -> list[tuple[str, str]]:
    return rows.select("program_indicator", "data_element").unique().sort(pl.all()).rows()
