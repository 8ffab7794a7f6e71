"""Read a mapping out of what program indicators themselves say about their targets."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import product
from typing import Any, NamedTuple

import polars as pl

from pipeline.transform.mapping import OPTIONS_JOINT

Json = dict[str, Any]
COLUMNS = (
    "program_indicator",
    "program_indicator_name",
    "category_options",
    "data_element",
    "category_option_combo",
    "attribute_option_combo",
    "rule",
    "data_set",
)


class Doubt(NamedTuple):
    """An indicator that could not be mapped, and why."""

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


def suggest_mapping(indicators: Iterable[Json], forms: Forms) -> Suggestion:
    """Suggest one row per source; what does not resolve comes back as a doubt.

    An indicator names its element in `aggregateExportDataElement` or in an attribute, as a code
    or an id, and its option combo in `aggregateExportCategoryOptionCombo`; a disaggregated one
    (2.42 and later) gives a row for each combination of its options.
    """
    rows: list[dict[str, str]] = []
    doubts: list[Doubt] = []
    for indicator in indicators:
        element = _element(indicator, forms)
        if element is None:
            doubts.append(Doubt(indicator["id"], "it names no data element of the target"))
            continue
        made = (
            _disaggregated(indicator, forms)
            if indicator.get("categoryMappingIds")
            else _plain(indicator, forms)
        )
        if isinstance(made, str):
            doubts.append(Doubt(indicator["id"], made))
            continue
        rows += [
            {
                "program_indicator": indicator["id"],
                "program_indicator_name": indicator["name"],
                "data_element": element,
                "rule": "only",
                "data_set": "",
                **one,
            }
            for one in made
        ]
    frame = pl.DataFrame(rows, schema=dict.fromkeys(COLUMNS, pl.String))
    return _without_second_sources(frame, doubts)


def _without_second_sources(frame: pl.DataFrame, doubts: list[Doubt]) -> Suggestion:
    """Keep the first source of each cell; who else points there is for a person to decide."""
    cell = ["data_element", "category_option_combo", "attribute_option_combo"]
    ordered = frame.sort("category_options", "program_indicator", descending=[True, False])
    second = ordered.filter(~pl.struct(cell).is_first_distinct())
    doubts += [
        Doubt(indicator, "another indicator fills the same cell; choose one, or a rule for both")
        for indicator in second["program_indicator"].unique().sort()
    ]
    first = ordered.filter(pl.struct(cell).is_first_distinct())
    return Suggestion(first.sort("program_indicator", "category_options"), doubts)


def _element(indicator: Json, forms: Forms) -> str | None:
    named = [indicator.get("aggregateExportDataElement")]
    named += [one.get("value") for one in indicator.get("attributeValues") or ()]
    return next((forms.elements[text] for text in named if text and text in forms.elements), None)


def _plain(indicator: Json, forms: Forms) -> list[dict[str, str]] | str:
    found = {"category_options": ""}
    for member, column in (
        ("aggregateExportCategoryOptionCombo", "category_option_combo"),
        ("aggregateExportAttributeOptionCombo", "attribute_option_combo"),
    ):
        written = indicator.get(member)
        if written and written not in forms.combos:
            return f"the target has no option combo {written}"
        found[column] = forms.combos[written] if written else ""
    return [found]


def _disaggregated(indicator: Json, forms: Forms) -> list[dict[str, str]] | str:
    sides = [
        (indicator.get(member) or {}).get("id", forms.default_combo)
        for member in ("categoryCombo", "attributeCombo")
    ]
    choices = [
        [tuple(sorted(one)) for one in product(*(forms.options[c] for c in forms.categories[side]))]
        if side != forms.default_combo
        else [()]
        for side in sides
    ]
    rows = []
    for disaggregation, attribute in product(*choices):
        combos = []
        for side, options in zip(sides, (disaggregation, attribute), strict=True):
            combo = forms.combo_of_options.get((side, options), "") if options else ""
            if options and not combo:
                return f"the target has no option combo of {OPTIONS_JOINT.join(options)}"
            combos.append(combo)
        rows.append(
            {
                "category_options": OPTIONS_JOINT.join(sorted((*disaggregation, *attribute))),
                "category_option_combo": combos[0],
                "attribute_option_combo": combos[1],
            }
        )
    return rows
