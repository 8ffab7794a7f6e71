"""Read a mapping out of what program indicators themselves say about their targets."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import product
from typing import NamedTuple

import polars as pl

from pipeline.transform.rules.mapping import OPTIONS_JOINT
from schemas.metadata import Json

CELL = ("data_element", "category_option_combo", "attribute_option_combo")
SUGGESTED_COLUMNS = (
    "program_indicator",
    "program_indicator_name",
    "category_options",
    *CELL,
    "rule",
    "data_set",
)
# one side of a cell: the member that splits an indicator up, and the one that names a combo
_SIDES = (
    ("categoryCombo", "aggregateExportCategoryOptionCombo"),
    ("attributeCombo", "aggregateExportAttributeOptionCombo"),
)


class Doubt(NamedTuple):
    """An indicator that a person has to decide about, and why."""

    program_indicator: str
    why: str


class Suggestion(NamedTuple):
    """`rows`: COLUMNS, all text, sorted; `doubts`: what a person has to decide."""

    rows: pl.DataFrame
    doubts: list[Doubt]


class Forms(NamedTuple):
    """Where indicators may point: ids of elements and option combos by id and by code.

    `elements` and `combos`: text → id. `combo_of_options`: (category combo, sorted options) →
    option combo. `categories`: category combo → its categories. `options`: category → options.
    """

    elements: Mapping[str, str]
    combos: Mapping[str, str]
    combo_of_options: Mapping[tuple[str, tuple[str, ...]], str]
    categories: Mapping[str, Sequence[str]]
    options: Mapping[str, Sequence[str]]
    default_combo: str


class _UnresolvedError(Exception):
    """Something that an indicator says leads nowhere; the text is the doubt."""


def suggest_mapping(indicators: Iterable[Json], forms: Forms) -> Suggestion:
    """Suggest one row per source; what does not resolve comes back as a doubt.

    An indicator names its element in `aggregateExportDataElement` or in an attribute, as a code
    or an id, and its option combo in `aggregateExportCategoryOptionCombo`; a disaggregated one
    (2.42 and later) gives a row for each combination of its options.
    """
    rows: list[dict[str, str]] = []
    doubts: list[Doubt] = []
    for indicator in indicators:
        try:
            rows += _rows(indicator, forms)
        except _UnresolvedError as doubt:
            doubts.append(Doubt(indicator["id"], str(doubt)))
    frame = pl.DataFrame(rows, schema=dict.fromkeys(SUGGESTED_COLUMNS, pl.String))
    return _without_second_sources(frame, doubts)


def _without_second_sources(frame: pl.DataFrame, doubts: list[Doubt]) -> Suggestion:
    """Keep the first source of each cell; who else points there is for a person to decide."""
    ordered = frame.sort("category_options", "program_indicator", descending=[True, False])
    second = ordered.filter(~pl.struct(CELL).is_first_distinct())
    doubts += [
        Doubt(indicator, "another indicator fills the same cell; choose one, or a rule for both")
        for indicator in second["program_indicator"].unique().sort()
    ]
    first = ordered.filter(pl.struct(CELL).is_first_distinct())
    return Suggestion(first.sort("program_indicator", "category_options"), doubts)


def _rows(indicator: Json, forms: Forms) -> list[dict[str, str]]:
    element = _element(indicator, forms)
    sides = [_side(indicator, *members, forms) for members in _SIDES]
    return [
        {
            "program_indicator": indicator["id"],
            "program_indicator_name": indicator.get("name", ""),
            "category_options": OPTIONS_JOINT.join(sorted(options + more_options)),
            "data_element": element,
            "category_option_combo": combo,
            "attribute_option_combo": attribute_combo,
            "rule": "only",
            "data_set": "",
        }
        for (options, combo), (more_options, attribute_combo) in product(*sides)
    ]


def _element(indicator: Json, forms: Forms) -> str:
    named = [indicator.get("aggregateExportDataElement")]
    named += [one.get("value") for one in indicator.get("attributeValues") or ()]
    written = [str(text) for text in named if text]
    for text in written:
        if text in forms.elements:
            return forms.elements[text]
    if not written:
        raise _UnresolvedError("it names no data element")
    raise _UnresolvedError(f"no data element of the target has the id or code {written[0]!r}")


def _side(
    indicator: Json, splitting: str, naming: str, forms: Forms
) -> list[tuple[tuple[str, ...], str]]:
    """The options that are counted apart on one side of the cell, each with its combo."""
    combo = (indicator.get(splitting) or {}).get("id", forms.default_combo)
    if combo == forms.default_combo or not indicator.get("categoryMappingIds"):
        return [((), _named(indicator.get(naming), forms))]
    if combo not in forms.categories:
        raise _UnresolvedError(f"its category combo {combo} is not shown to this account")
    choices = product(*(forms.options.get(one, ()) for one in forms.categories[combo]))
    split = [tuple(sorted(options)) for options in choices]
    if not split:
        raise _UnresolvedError(f"its category combo {combo} has a category without options")
    return [(options, _combo_of(combo, options, forms)) for options in split]


def _named(written: str | None, forms: Forms) -> str:
    """The id of the option combo that is named; nothing named is the default one."""
    if written and written not in forms.combos:
        raise _UnresolvedError(f"no option combo of the target has the id or code {written!r}")
    return forms.combos[written] if written else ""


def _combo_of(combo: str, options: tuple[str, ...], forms: Forms) -> str:
    found = forms.combo_of_options.get((combo, options))
    if found is None:
        raise _UnresolvedError(f"the target has no option combo of {OPTIONS_JOINT.join(options)}")
    return found
