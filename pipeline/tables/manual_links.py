"""Join mappings/manual with the forms, or refuse it with file and line."""

from collections.abc import Collection
from pathlib import Path

import polars as pl

from pipeline.cells.key import FORM_CELL
from pipeline.compare.rules.links import MANUAL_CELL, NOT_ADDITIVE, LineMistake, Links, link
from pipeline.compare.rules.manual.objects import with_ids
from pipeline.tables.mapping import refuse_links
from schemas.metadata import TargetMetadata

MANUAL_COMBOS = MANUAL_CELL[1:]


def links_with_form(
    path: Path,
    table: pl.DataFrame,
    filled: pl.DataFrame,
    forms: TargetMetadata,
    *,
    elements: Collection[str],
    data_set: str,
) -> Links:
    """The links of `data_set`, which has the data elements `elements` (ids).

    Raises `UsageError` with every complaint about the table.
    """
    links, complaints = link(
        table,
        filled,
        forms.default_option_combo,
        on_target=True,
        not_additive=_not_additive(forms),
    )
    refuse_links(path, sorted([*_not_in_data_set(table, elements, data_set), *complaints]))
    return links


def links_with_file(
    path: Path, table: pl.DataFrame, filled: pl.DataFrame, forms: TargetMetadata
) -> Links:
    """Link a file's numbers; combos that tracker fills may be named by their codes and names."""
    links, complaints = link(
        with_ids(table, MANUAL_COMBOS, known_combos(filled, forms)),
        filled,
        forms.default_option_combo,
        not_additive=_not_additive(forms),
    )
    refuse_links(path, complaints)
    return links


def known_combos(filled: pl.DataFrame, forms: TargetMetadata) -> pl.DataFrame:
    """The option combos that tracker fills; only these can be meant by a code or a name."""
    parts = [filled.select(id=part) for part in FORM_CELL[1:]]
    return forms.category_option_combos.join(pl.concat(parts).unique(), on="id", how="semi")


def _not_in_data_set(
    table: pl.DataFrame, elements: Collection[str], data_set: str
) -> list[LineMistake]:
    """A mistake for each line whose manual element is not in the data set."""
    sentence = f"data set {data_set} does not have the data element "
    return [
        LineMistake(line, sentence + element)
        for line, element in table.select("line", "manual_data_element").rows()
        if element not in elements
    ]


def _not_additive(forms: TargetMetadata) -> list[str]:
    is_mean = pl.col("aggregation_type").is_in(list(NOT_ADDITIVE))
    return forms.data_elements.filter(is_mean)["id"].to_list()
