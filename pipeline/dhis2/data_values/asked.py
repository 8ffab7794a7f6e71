"""Values that a server tells are about what it was asked, and say one number for each cell.

A cache or a proxy may give the answer to another question, with status 200. Read as it stands, it
would say that the cells which were asked for are empty.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl
from pandera.typing.polars import DataFrame

from pipeline.cells.hierarchy import is_at_or_below
from pipeline.cells.key import KEY
from pipeline.dhis2.http.answers import RawAnswer, unusable
from pipeline.dhis2.http.client import Parameters
from schemas.metadata import TargetMetadata
from schemas.values import CurrentValues


@dataclass(frozen=True)
class FormExtent:
    """What may stand in a data set: its data elements, and the org units of the target.

    `org_units`: id, path.
    """

    data_elements: frozenset[str]
    org_units: pl.DataFrame


def extents_of(forms: TargetMetadata) -> dict[str, FormExtent]:
    """What may stand in each data set of a target."""
    by_data_set = forms.data_set_elements.group_by("data_set", maintain_order=True).agg(
        "data_element"
    )
    org_units = forms.org_units.select("id", "path")
    return {
        data_set: FormExtent(frozenset(elements), org_units)
        for data_set, elements in by_data_set.iter_rows()
    }


def insist_on_asked(
    values: DataFrame[CurrentValues],
    answer: RawAnswer,
    parameters: Parameters,
    extent: FormExtent | None = None,
) -> None:
    """Refuse values of a period that was not asked for, or of anything outside the `extent`.

    Raises `ServerError`.
    """
    for column, allowed in _allowed(parameters, extent).items():
        found = values[column].unique()
        strange = found.filter(~found.is_in(allowed.implode())).sort()
        if not strange.is_empty():
            noun = column.replace("_", " ")
            what = f"values of the {noun} {strange[0]}, which was not asked for"
            raise unusable(answer, what)


def insist_on_one_number(
    values: DataFrame[CurrentValues], answer: RawAnswer, cells: pl.Series | None = None
) -> None:
    """Refuse a cell that comes twice with two numbers; raises `ServerError`.

    `cells`: the number of each value's cell, null where it has none; to compare numbers is cheap.
    """
    suspects = values if cells is None else values.filter(cells.is_null() | _repeated(cells))
    if suspects.is_empty():
        return
    suspects = suspects.filter(suspects.select(KEY).hash_rows().is_duplicated())
    twice = suspects.unique([*KEY, "value"]).filter(pl.struct(KEY).is_duplicated()).sort(KEY)
    if not twice.is_empty():
        raise unusable(answer, f"two numbers for one cell ({'/'.join(twice.row(0)[: len(KEY)])})")


def _repeated(cells: pl.Series) -> pl.Series:
    """Whether a number stands more than once, for each in turn."""
    in_order = cells.sort()
    again = in_order.filter(in_order == in_order.shift(1))
    return cells.is_in(again.implode())


def _allowed(parameters: Parameters, extent: FormExtent | None) -> Mapping[str, pl.Series]:
    """The ids that an answer may have, by column."""
    allowed = {"period": pl.Series([value for name, value in parameters if name == "period"])}
    roots = [value for name, value in parameters if name == "orgUnit"]
    if ("children", "false") in parameters:
        allowed["org_unit"] = pl.Series(roots)
    elif extent is not None:
        allowed["org_unit"] = extent.org_units.filter(is_at_or_below(roots))["id"]
    if extent is not None:
        allowed["data_element"] = pl.Series(sorted(extent.data_elements), dtype=pl.String)
    return allowed
