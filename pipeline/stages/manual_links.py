"""Join mappings/manual with the forms, or refuse it with file and line."""

from pathlib import Path

import polars as pl

from pipeline.compare.links import MANUAL_CELL, NOT_ADDITIVE, Complaint, Links, link
from pipeline.compare.named_objects import with_ids
from pipeline.dhis2.objects import Json, members
from pipeline.dhis2.target_metadata import TargetMetadata
from pipeline.tables import refuse_links
from pipeline.transform.cells import FORM_CELL

COMBOS = MANUAL_CELL[1:]


def links_with_form(
    path: Path, table: pl.DataFrame, filled: pl.DataFrame, forms: TargetMetadata, form: Json
) -> Links:
    """Link a data set's numbers; raises `UsageError` with every complaint about the table."""
    links, complaints = link(
        table,
        filled,
        forms.default_option_combo,
        on_target=True,
        not_additive=_not_additive(forms),
    )
    refuse_links(path, sorted([*_strangers(table, form), *complaints]))
    return links


def links_with_file(
    path: Path, table: pl.DataFrame, filled: pl.DataFrame, forms: TargetMetadata
) -> Links:
    """Link a file's numbers; combos that tracker fills may be named by their codes and names."""
    links, complaints = link(
        with_ids(table, COMBOS, known_combos(filled, forms)),
        filled,
        forms.default_option_combo,
        not_additive=_not_additive(forms),
    )
    refuse_links(path, complaints)
    return links


def known_combos(filled: pl.DataFrame, forms: TargetMetadata) -> pl.DataFrame:
    """Give the option combos that tracker fills; only these can be meant by a code or a name."""
    parts = [filled.select(id=part) for part in FORM_CELL[1:]]
    return forms.category_option_combos.join(pl.concat(parts).unique(), on="id", how="semi")


def _strangers(table: pl.DataFrame, form: Json) -> list[Complaint]:
    """Complain about lines whose manual element is not in the data set."""
    elements = {part["dataElement"]["id"] for part in members(form, "dataSetElements")}
    sentence = f"data set {form['id']} does not have the data element "
    return [
        Complaint(line, sentence + element)
        for line, element in table.select("line", "manual_data_element").rows()
        if element not in elements
    ]


def _not_additive(forms: TargetMetadata) -> list[str]:
    is_mean = pl.col("aggregation_type").is_in(list(NOT_ADDITIVE))
    return forms.data_elements.filter(is_mean)["id"].to_list()
