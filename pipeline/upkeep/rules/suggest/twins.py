"""Guess which data set is the paper twin of what tracker fills, by the names of elements."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

import polars as pl

from pipeline.compare.rules.links import MANUAL_COLUMNS, NOT_ADDITIVE, TOTAL
from schemas.metadata import Json

TWIN_COLUMNS = (
    *("manual_data_element", "manual_data_element_name"),
    *MANUAL_COLUMNS[1:3],
    *("data_element", "data_element_name"),
    *MANUAL_COLUMNS[4:],
)
# What tells twins apart, and nothing else.
_APART = re.compile(
    r"\([^)]*\)|\[[^\]]*\]|\b(tracker|paper|manual|aggregated?|shadow|routine|register)\b"
)
_MARKS = re.compile(r"[\W_]+")


class Twins(NamedTuple):
    """A data set and its pairs of elements (COLUMNS); an empty id where none is alike."""

    data_set: str
    rows: pl.DataFrame


def suggest_twins(
    mapping: pl.DataFrame, data_sets: Iterable[Json], filled: Iterable[str], default_combo: str
) -> Twins:
    """Find the data set of the same type of period that has most elements of the same names.

    `mapping`: data_element and attribute_option_combo of what tracker fills, in the data sets
    `filled`. `data_sets` are as the server lists them, with name, aggregation and category combo
    of each element, and `default_combo` is the one that splits nothing. An element with two twins
    has none.
    """
    forms = {one["id"]: one for one in data_sets}
    own = {key: part for one in filled for key, part in _elements(forms.get(one, {})).items()}
    fed = {key: own[key] for key in mapping["data_element"].unique() if key in own}
    fed = {key: one for key, one in fed.items() if one.get("aggregationType") not in NOT_ADDITIVE}
    types = {forms[one].get("periodType") for one in filled if one in forms}
    found = {
        key: _pairs(fed, _elements(form))
        for key, form in forms.items()
        if key not in set(filled) and form.get("periodType") in types
    }
    best = min(found, key=lambda key: (-len(found[key]), key), default="")
    by_attribute = set(mapping.filter(pl.col("attribute_option_combo") != "")["data_element"])
    rows = [
        row
        for manual, element in found.get(best, [])
        if (row := _row(manual, element, default_combo, by_attribute))
    ]
    frame = pl.DataFrame(rows, schema=dict.fromkeys(TWIN_COLUMNS, pl.String), orient="row")
    return Twins(best if rows else "", frame.sort("data_element"))


def _elements(form: Mapping[str, Any]) -> dict[str, Json]:
    parts = [part["dataElement"] for part in form.get("dataSetElements") or ()]
    return {part["id"]: part for part in parts}


def _pairs(fed: Mapping[str, Json], theirs: Mapping[str, Json]) -> list[tuple[Json, Json]]:
    """Pair elements of the same name, where only one on each side has it."""
    called: dict[str, tuple[list[Json], list[Json]]] = defaultdict(lambda: ([], []))
    for side, elements in enumerate((theirs, fed)):
        for one in elements.values():
            called[_bare(str(one.get("name") or one["id"]))][side].append(one)
    return [
        (manual[0], element[0])
        for manual, element in called.values()
        if len(manual) == len(element) == 1 and manual[0]["id"] != element[0]["id"]
    ]


def _bare(name: str) -> str:
    return _MARKS.sub(" ", _APART.sub(" ", name.casefold())).strip()


def _row(
    manual: Json, element: Json, default_combo: str, by_attribute: set[str]
) -> tuple[str, ...] | None:
    """The row of a pair; None where they are split up in two ways."""
    combos = [str((one.get("categoryCombo") or {}).get("id", "")) for one in (manual, element)]
    if combos[0] != combos[1] and combos[0] != default_combo:
        return None
    return (
        *(manual["id"], str(manual.get("name", "")), "", ""),
        *(element["id"], str(element.get("name", ""))),
        *(
            TOTAL if is_finer else ""
            for is_finer in (combos[0] != combos[1], element["id"] in by_attribute)
        ),
    )
