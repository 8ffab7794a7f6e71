"""The program indicators of the invented country, in both styles, and what they count."""

from itertools import product
from typing import NamedTuple

from sandbox.country.categories import OPTIONS
from sandbox.country.metadata import MEAN_ELEMENT
from sandbox.country.objects import named, ref
from sandbox.state.identifiers import uid
from sandbox.state.world import Json


class Counted(NamedTuple):
    """One cell of the form that an indicator counts, and how often a month at a usual site.

    `parts` are the codes of its options. A new-style indicator counts many cells, apart by
    options; an old-style one a single cell.
    """

    indicator: str
    element: str
    parts: tuple[str, ...]
    new_style: bool
    rate: float

    @property
    def options(self) -> tuple[str, ...]:
        """The options by which analytics separates the cell from others of the indicator."""
        return tuple(sorted(uid(part) for part in self.parts)) if self.new_style else ()


NEW_STYLE = {
    "PI_CASES": ("Fever cases by sex and age", "PR_FEVER", "T_CASES", "SEX_AGE", "", 0.42),
    "PI_DEATHS": ("Fever deaths by sex", "PR_FEVER", "T_DEATHS", "SEX_ONLY", "", 0.07),
    "PI_DOSES": ("Doses by sex and place", "PR_CHILD", "T_DOSES", "SEX_ONLY", "PLACE_ONLY", 0.3),
}
OLD_STYLE = {
    "PI_TESTS": ("Tests done", "PR_FEVER", "T_TESTS", ("SEX",), 0.8),
    "PI_VISITS": ("Child visits", "PR_CHILD", "T_VISITS", ("SEX", "AGE"), 0.22),
    "PI_ENROLLED": ("Newly enrolled children", "PR_CHILD", "T_ENROLLED", (), 1.1),
}
COMBO_PARTS = {"SEX_AGE": ("SEX", "AGE"), "SEX_ONLY": ("SEX",), "PLACE_ONLY": ("PLACE",), "": ()}
ALL_CASES = "PI_CASES_ALL"
MEAN_WEIGHT = "PI_WEIGHT"
UNMAPPED = "cases without sex or age"


def indicator_metadata() -> dict[str, list[Json]]:
    """The program indicators, and the group of those that are moved to aggregate."""
    objects = program_indicators()
    grouped = [{"id": item["id"]} for item in objects if item["code"] != ALL_CASES]
    group = {
        "id": uid("PIG_TALLY"),
        "code": "PIG_TALLY",
        "name": "Tracker to aggregate",
        "programIndicators": grouped,
    }
    return {"programIndicators": objects, "programIndicatorGroups": [group]}


def program_indicators() -> list[Json]:
    """Every program indicator as metadata."""
    return [
        *(disaggregated(code) for code in NEW_STYLE),
        *(made for code in OLD_STYLE for made in one_per_option_combo(code)),
        mean_weight(),
        plain(ALL_CASES, "Fever cases, all", "PR_FEVER"),
    ]


def mean_weight() -> Json:
    """The one indicator that is a mean: it has decimals, and cannot be added up."""
    return {
        **plain(MEAN_WEIGHT, "Mean weight of children seen", "PR_CHILD"),
        "expression": "#{weight}",
        "aggregationType": "AVERAGE",
        "decimals": 2,
        "attributeValues": [{"attribute": ref("PI_TARGET"), "value": MEAN_ELEMENT}],
    }


def plain(code: str, name: str, program: str) -> Json:
    """An indicator that counts events without splitting them."""
    return {
        **named(code, name),
        "program": ref(program),
        "expression": "V{event_count}",
        "aggregationType": "COUNT",
        "analyticsType": "EVENT",
        "decimals": 0,
        "categoryCombo": ref(""),
        "attributeCombo": ref(""),
        "categoryMappingIds": [],
        "attributeValues": [],
    }


def disaggregated(code: str) -> Json:
    """An indicator that splits its count by category mappings (2.42 and later)."""
    name, program, element, combo, attribute_combo, _rate = NEW_STYLE[code]
    parts = (*COMBO_PARTS[combo], *COMBO_PARTS[attribute_combo])
    return {
        **plain(code, name, program),
        "categoryCombo": ref(combo),
        "attributeCombo": ref(attribute_combo),
        "aggregateExportDataElement": element,
        "categoryMappingIds": [uid(f"{program} {part}") for part in parts],
    }


def one_per_option_combo(code: str) -> list[Json]:
    """The indicators of the old style: one for each option combo, with its target's code."""
    name, program, element, parts, _rate = OLD_STYLE[code]
    made = []
    for options in product(*(OPTIONS[part] for part in parts)):
        suffix = "_".join(option.partition("_")[2] for option in options)
        words = [OPTIONS[part][option] for part, option in zip(parts, options, strict=True)]
        full_name = " ".join([name, *words])
        indicator = plain(indicator_code(code, suffix), full_name, program)
        indicator["attributeValues"] = [{"attribute": ref("PI_TARGET"), "value": element}]
        if suffix:
            indicator["aggregateExportCategoryOptionCombo"] = f"COC_{suffix}"
        made.append(indicator)
    return made


def indicator_code(code: str, suffix: str) -> str:
    """The code of an old-style indicator."""
    return f"{code}_{suffix}" if suffix else code


def counted() -> list[Counted]:
    """Every cell that is counted at a site: the indicator, its options, how often."""
    cells = [
        Counted(uid(code), element, options, new_style=True, rate=rate)
        for code, (_, _, element, combo, attribute_combo, rate) in NEW_STYLE.items()
        for options in product(
            *(OPTIONS[part] for part in (*COMBO_PARTS[combo], *COMBO_PARTS[attribute_combo]))
        )
    ]
    for code, (_, _, element, parts, rate) in OLD_STYLE.items():
        for options in product(*(OPTIONS[part] for part in parts)):
            suffix = "_".join(option.partition("_")[2] for option in options)
            indicator = uid(indicator_code(code, suffix))
            cells.append(Counted(indicator, element, options, new_style=False, rate=rate))
    return [*cells, Counted(UNMAPPED, "", (), new_style=False, rate=0.05)]
