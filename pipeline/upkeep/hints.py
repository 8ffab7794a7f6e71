"""Ask two servers what a transfer between them could be."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pipeline.dhis2.http.client import Client
from pipeline.dhis2.objects import find_some, members, read_all
from pipeline.dhis2.source_metadata import Combos, read_combos, read_hints
from pipeline.upkeep.rules.suggest.mapping import Forms
from schemas.metadata import Json


@dataclass(frozen=True)
class ServerHints:
    """What the servers show.

    `indicators` and `groups` of the source, `data_sets` of the target, each in DHIS2's own form.
    `default_combo` is the target's category combo that splits nothing.
    """

    indicators: list[Json]
    groups: list[Json]
    forms: Forms
    data_sets: list[Json]
    default_combo: str


def ask_for_hints(source: Client, target: Client) -> ServerHints:
    """Read every indicator with what it says about its target, and where it may point."""
    combos = read_combos(target)
    return ServerHints(
        indicators=read_hints(source),
        groups=read_all(source, "programIndicatorGroups", "id,programIndicators[id]"),
        forms=_forms(target, combos, read_combos(source)),
        data_sets=read_all(
            target,
            "dataSets",
            "id,name,periodType,"
            "dataSetElements[dataElement[id,name,aggregationType,categoryCombo[id]]]",
        ),
        default_combo=combos.default,
    )


def reporting_level(target: Client, data_sets: Sequence[str]) -> int | None:
    """The level at which most org units of these data sets stand; of two, the deeper."""
    found = find_some(target, "dataSets", "id,organisationUnits[id,level]", data_sets)
    levels = [
        unit["level"]
        for one in found.values()
        for unit in members(one, "organisationUnits")
        if "level" in unit
    ]
    return max(set(levels), key=lambda level: (levels.count(level), level), default=None)


def _forms(target: Client, combos: Combos, splits: Combos) -> Forms:
    elements = [
        one
        for one in read_all(target, "dataElements", "id,code,domainType")
        if one.get("domainType", "AGGREGATE") == "AGGREGATE"
    ]
    columns = ("id", "category_combo", "category_options")
    return Forms(
        elements=_by_id_and_code(elements),
        combos=_by_id_and_code(combos.option_combos.select("id", "code").to_dicts()),
        combo_of_options={
            (combo, tuple(options)): option_combo
            for option_combo, combo, options in combos.option_combos.select(columns).rows()
        },
        categories=splits.categories,
        options=splits.options,
        default_combo=splits.default,
    )


def _by_id_and_code(objects: Sequence[Mapping[str, str]]) -> dict[str, str]:
    by_code = {one["code"]: one["id"] for one in objects if one.get("code")}
    return by_code | {one["id"]: one["id"] for one in objects}
