"""Read from a server what its forms, org units and program indicators are."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import prod

import polars as pl

from pipeline.config.sections import Source
from pipeline.dhis2.http.client import Client
from pipeline.dhis2.objects import (
    frame_of,
    id_of,
    members,
    read_all,
    read_some,
)
from pipeline.dhis2.option_filters import read_option_filters
from pipeline.text.errors import UsageError
from schemas import metadata as shapes
from schemas.metadata import Json, SourceMetadata

_INDICATOR = (
    "id,code,name,program[id,name],analyticsType,decimals,aggregationType,expression,"
    "categoryCombo[id],attributeCombo[id],categoryMappingIds"
)
_MEANS = ("AVERAGE", "AVERAGE_SUM_ORG_UNIT", "STDDEV", "VARIANCE")
_SUGGESTIVE = (
    ",aggregateExportDataElement,aggregateExportCategoryOptionCombo,"
    "aggregateExportAttributeOptionCombo,attributeValues[value,attribute[id]]"
)
_COMBO = (
    "id,name,isDefault,categories[id,categoryOptions[id,name]],"
    "categoryOptionCombos[id,code,name,categoryOptions[id]]"
)
_MADE_BY_DHIS2 = "bjDvmb4bfuf"  # the default category combo that DHIS2 makes in a new database
_ORG_UNIT = "id,code,name,path,level,openingDate,closedDate"


@dataclass(frozen=True)
class Combos:
    """Every category combo of a server: its categories, their options, its option combos.

    `option_combos`: as schemas.metadata.CategoryOptionCombos. `option_names`: what options are
    called. `defaults`: the category combos called `default`, one on a sound server; the first of
    them is `default`.
    """

    categories: dict[str, list[str]]
    options: dict[str, list[str]]
    option_combos: pl.DataFrame
    option_names: dict[str, str]
    defaults: list[str]
    default_option_combo: str

    @property
    def default(self) -> str:
        """The category combo that splits nothing; empty where the account sees none."""
        return next(iter(self.defaults), "")


def read_source(client: Client, source: Source, groups: Sequence[str]) -> SourceMetadata:
    """Read the indicators a transfer names, and the org units; `groups` are org unit groups.

    Raises `UsageError` that names the ids the server does not show to this account.
    """
    combos, indicators = read_combos(client), _indicators(client, source)
    return SourceMetadata(
        program_indicators=frame_of(
            shapes.ProgramIndicators,
            (_indicator(one, combos) for one in indicators),
            "program indicators",
        ),
        org_units=read_org_units(client),
        option_filters=read_option_filters(client, indicators),
        groups={
            one["id"]: frozenset(unit["id"] for unit in members(one, "organisationUnits"))
            for one in read_some(
                client, "organisationUnitGroups", "id,organisationUnits[id]", groups
            )
        },
    )


def read_hints(client: Client) -> list[Json]:
    """Read every indicator with what it says about its target in the aggregate form."""
    return read_all(client, "programIndicators", _INDICATOR + _SUGGESTIVE)


def _indicators(client: Client, source: Source) -> list[Json]:
    """Read the indicators a transfer names, groups opened."""
    wanted = dict.fromkeys(source.program_indicators)
    fields = "id,programIndicators[id]"
    for group in read_some(
        client, "programIndicatorGroups", fields, source.program_indicator_groups
    ):
        wanted |= dict.fromkeys(one["id"] for one in members(group, "programIndicators"))
    return read_some(client, "programIndicators", _INDICATOR, list(wanted))


def _indicator(one: Json, combos: Combos) -> dict[str, object]:
    categories = _categories_of(one, combos)
    return {
        "id": one["id"],
        "code": one.get("code"),
        "name": one.get("name"),
        "categories": categories,
        "options": prod(max(len(combos.options[category]), 1) for category in categories),
        "may_give_decimals": _may_give_decimals(one),
        "program": id_of(one, "program"),
        "program_name": (one.get("program") or {}).get("name"),
        "analytics_type": one.get("analyticsType"),
    }


def _may_give_decimals(one: Json) -> bool:
    """Whether an indicator need not give whole numbers; 0 decimals are rounded by the server."""
    decimals, aggregation = one.get("decimals"), one.get("aggregationType")
    if decimals == 0 or aggregation == "COUNT":
        return False
    divides = "/" in str(one.get("expression") or "")
    return decimals is not None or aggregation in _MEANS or divides


def _categories_of(indicator: Json, combos: Combos) -> list[str]:
    """The categories an indicator is asked with: none unless it splits its events itself."""
    if not indicator.get("categoryMappingIds"):
        return []
    named = (id_of(indicator, member) for member in ("categoryCombo", "attributeCombo"))
    used = [combo for combo in named if combo not in (None, *combos.defaults)]
    hidden = [combo for combo in used if combo not in combos.categories]
    if hidden:
        raise UsageError(
            f"the server does not show category combo {hidden[0]}, by which program indicator "
            f"{indicator['id']} is split up",
            remedy="let the account read this category combo and its categories",
        )
    return list(dict.fromkeys(one for combo in used for one in combos.categories[str(combo)]))


def read_combos(client: Client) -> Combos:
    """Read how counts may be split up on this server."""
    listed = read_all(client, "categoryCombos", _COMBO)
    defaults = sorted(
        filter(_is_default, listed), key=lambda one: (one["id"] != _MADE_BY_DHIS2, one["id"])
    )
    default = defaults[0] if defaults else {}
    return Combos(
        categories={
            combo["id"]: [category["id"] for category in members(combo, "categories")]
            for combo in listed
        },
        options={
            category["id"]: [option["id"] for option in members(category, "categoryOptions")]
            for combo in listed
            for category in members(combo, "categories")
        },
        option_combos=frame_of(
            shapes.CategoryOptionCombos,
            (
                {
                    "id": one["id"],
                    "code": one.get("code"),
                    "name": one.get("name"),
                    "category_combo": combo["id"],
                    "is_default": combo in defaults,
                    "category_options": sorted(
                        option["id"] for option in members(one, "categoryOptions")
                    ),
                }
                for combo in listed
                for one in members(combo, "categoryOptionCombos")
            ),
            "category option combos",
        ),
        option_names={
            option["id"]: option["name"]
            for combo in listed
            for category in members(combo, "categories")
            for option in members(category, "categoryOptions")
            if option.get("name")
        },
        defaults=[combo["id"] for combo in defaults],
        default_option_combo=next(
            (one["id"] for one in members(default, "categoryOptionCombos")), ""
        ),
    )


def _is_default(combo: Json) -> bool:
    return bool(combo.get("isDefault")) or combo.get("name") == "default"


def read_org_units(client: Client) -> pl.DataFrame:
    """Read every org unit that the account may see, sorted by id."""
    rows = (
        {
            "id": one["id"],
            "code": one.get("code"),
            "name": one.get("name", one["id"]),
            "path": one.get("path"),
            "level": one.get("level") or str(one.get("path", "")).count("/"),
            "opening_date": one.get("openingDate"),
            "closed_date": one.get("closedDate"),
        }
        for one in read_all(client, "organisationUnits", _ORG_UNIT)
    )
    return frame_of(shapes.OrgUnitTree, rows, "org units")
