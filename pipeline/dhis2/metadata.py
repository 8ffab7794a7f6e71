"""Read from a server what its forms, org units and program indicators are."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import polars as pl

from pipeline.config import Source
from pipeline.dhis2.client import Client
from pipeline.errors import UsageError
from schemas import metadata as shapes

Json = dict[str, Any]
_BATCH = 100
_INDICATOR = "id,code,name,categoryCombo[id],attributeCombo[id],categoryMappingIds"
_SUGGESTIVE = (
    ",aggregateExportDataElement,aggregateExportCategoryOptionCombo,"
    "aggregateExportAttributeOptionCombo,attributeValues[value,attribute[id]]"
)
_DATA_SET = (
    "id,code,name,periodType,expiryDays,openFuturePeriods,categoryCombo[id],workflow[id],"
    "access[data],dataInputPeriods[period[id],openingDate,closingDate],"
    "dataSetElements[dataElement[id],categoryCombo[id]],organisationUnits[id]"
)


@dataclass(frozen=True)
class SourceMetadata:
    """The program indicators of a transfer and the org units of the source.

    `program_indicators`: as schemas.metadata.PROGRAM_INDICATORS; `categories` are those a
    disaggregated indicator is asked with, empty for a plain one, `options` the product of their
    options. `org_units`: as ORG_UNITS.
    """

    program_indicators: pl.DataFrame
    org_units: pl.DataFrame
    groups: dict[str, frozenset[str]]


@dataclass(frozen=True)
class TargetMetadata:
    """The forms and org units of the target, as the frames of schemas.metadata."""

    data_elements: pl.DataFrame
    data_sets: pl.DataFrame
    data_set_elements: pl.DataFrame
    data_set_org_units: pl.DataFrame
    input_periods: pl.DataFrame
    category_option_combos: pl.DataFrame
    org_units: pl.DataFrame
    default_option_combo: str


def read_source(client: Client, source: Source, groups: Sequence[str]) -> SourceMetadata:
    """Read the indicators a transfer names, and the org units; `groups` are org unit groups.

    Raises `UsageError` that names the ids the server does not show to this account.
    """
    raw = read_indicators(client, source)
    combos = read_combos(client)
    rows = []
    for indicator in raw:
        categories = _categories_of(indicator, combos)
        product = 1
        for category in categories:
            product *= len(combos.options[category])
        rows.append(
            (indicator["id"], indicator.get("code"), indicator["name"], categories, product)
        )
    frame = pl.DataFrame(rows, schema=shapes.PROGRAM_INDICATORS, orient="row").sort("id")
    members = {group: _group_members(client, group) for group in groups}
    return SourceMetadata(frame, read_org_units(client), members)


def read_indicators(client: Client, source: Source, *, suggestive: bool = False) -> list[Json]:
    """Read the indicators a transfer names, groups opened; `suggestive` adds their hints."""
    wanted = dict.fromkeys(source.program_indicators)
    for group in source.program_indicator_groups:
        told = _listed(client, "programIndicatorGroups", "id,programIndicators[id]", [group])
        wanted |= dict.fromkeys(one["id"] for one in told[0]["programIndicators"])
    fields = _INDICATOR + (_SUGGESTIVE if suggestive else "")
    return _listed(client, "programIndicators", fields, list(wanted))


@dataclass(frozen=True)
class Combos:
    """Every category combo of a server: its categories, their options, its option combos.

    `option_combos`: as schemas.metadata.CATEGORY_OPTION_COMBOS.
    """

    categories: dict[str, list[str]]
    options: dict[str, list[str]]
    option_combos: pl.DataFrame
    default: str
    default_option_combo: str


def read_combos(client: Client) -> Combos:
    """Read how counts may be split up on this server."""
    fields = (
        "id,name,isDefault,categories[id,categoryOptions[id]],"
        "categoryOptionCombos[id,code,name,categoryOptions[id]]"
    )
    told = client.get_json("categoryCombos", [("fields", fields), ("paging", "false")])
    categories, options, rows, default, default_option_combo = {}, {}, [], "", ""
    for combo in told["categoryCombos"]:
        categories[combo["id"]] = [category["id"] for category in combo["categories"]]
        for category in combo["categories"]:
            options[category["id"]] = [one["id"] for one in category["categoryOptions"]]
        for one in combo["categoryOptionCombos"]:
            of = sorted(option["id"] for option in one.get("categoryOptions") or ())
            rows.append((one["id"], one.get("code"), one.get("name"), combo["id"], of))
        if combo.get("isDefault") or combo["name"] == "default":
            default = combo["id"]
            default_option_combo = combo["categoryOptionCombos"][0]["id"]
    frame = _frame(shapes.CATEGORY_OPTION_COMBOS, rows)
    return Combos(categories, options, frame, default, default_option_combo)


def _categories_of(indicator: Json, combos: Combos) -> list[str]:
    if not indicator.get("categoryMappingIds"):
        return []
    found: list[str] = []
    for member in ("categoryCombo", "attributeCombo"):
        combo = (indicator.get(member) or {}).get("id", combos.default)
        if combo != combos.default:
            found += [one for one in combos.categories.get(combo, []) if one not in found]
    return found


def _group_members(client: Client, group: str) -> frozenset[str]:
    told = _listed(client, "organisationUnitGroups", "id,organisationUnits[id]", [group])
    return frozenset(one["id"] for one in told[0]["organisationUnits"])


def read_org_units(client: Client) -> pl.DataFrame:
    """Read every org unit that the account may see, sorted by id."""
    fields = "id,code,name,path,level,openingDate,closedDate"
    told = client.get_json("organisationUnits", [("fields", fields), ("paging", "false")])
    rows = [
        (
            one["id"],
            one.get("code"),
            one.get("name", one["id"]),
            one.get("path", ""),
            one.get("level") or one.get("path", "").count("/"),
            _day(one.get("openingDate")),
            _day(one.get("closedDate")),
        )
        for one in told["organisationUnits"]
    ]
    return pl.DataFrame(rows, schema=shapes.ORG_UNITS, orient="row").sort("id")


def read_target(client: Client, data_sets: Sequence[str]) -> TargetMetadata:
    """Read what the target's data sets take, from whom and until when.

    Raises `UsageError` that names the data sets this account cannot see.
    """
    sets = [_listed(client, "dataSets", _DATA_SET, [data_set])[0] for data_set in data_sets]
    elements = _elements(client, sets)
    combos = read_combos(client)
    element_combos = dict(elements.select("id", "category_combo").rows())
    return TargetMetadata(
        data_elements=elements,
        data_sets=_frame(shapes.DATA_SETS, (_data_set(one, combos.default) for one in sets)),
        data_set_elements=_frame(
            shapes.DATA_SET_ELEMENTS,
            (
                (
                    one["id"],
                    part["dataElement"]["id"],
                    (part.get("categoryCombo") or {}).get("id")
                    or element_combos.get(part["dataElement"]["id"]),
                )
                for one in sets
                for part in one["dataSetElements"]
            ),
        ),
        data_set_org_units=_frame(
            shapes.DATA_SET_ORG_UNITS,
            ((one["id"], unit["id"]) for one in sets for unit in one["organisationUnits"]),
        ),
        input_periods=_frame(
            shapes.INPUT_PERIODS,
            (
                (
                    one["id"],
                    part["period"]["id"],
                    _moment(part.get("openingDate")),
                    _moment(part.get("closingDate")),
                )
                for one in sets
                for part in one.get("dataInputPeriods") or ()
            ),
        ),
        category_option_combos=combos.option_combos,
        org_units=read_org_units(client),
        default_option_combo=combos.default_option_combo,
    )


def _elements(client: Client, sets: Iterable[Json]) -> pl.DataFrame:
    wanted = dict.fromkeys(
        part["dataElement"]["id"] for one in sets for part in one["dataSetElements"]
    )
    fields = (
        "id,code,name,valueType,aggregationType,zeroIsSignificant,categoryCombo[id],optionSet[id]"
    )
    rows = [
        (
            one["id"],
            one.get("code"),
            one["name"],
            one["valueType"],
            one.get("aggregationType"),
            bool(one.get("zeroIsSignificant")),
            (one.get("categoryCombo") or {}).get("id"),
            (one.get("optionSet") or {}).get("id"),
        )
        for one in _listed(client, "dataElements", fields, list(wanted))
    ]
    return _frame(shapes.DATA_ELEMENTS, rows)


def _data_set(one: Json, default_combo: str) -> tuple[object, ...]:
    access = (one.get("access") or {}).get("data") or {}
    return (
        one["id"],
        one.get("code"),
        one["name"],
        one["periodType"],
        float(one.get("expiryDays") or 0),
        int(one.get("openFuturePeriods") or 0),
        (one.get("categoryCombo") or {}).get("id") or default_combo,
        (one.get("workflow") or {}).get("id"),
        access.get("write"),
    )


def _listed(client: Client, plural: str, fields: str, ids: Sequence[str]) -> list[Json]:
    """Read objects by id, in batches; one that does not come back is named in a letter."""
    found: dict[str, Json] = {}
    for start in range(0, len(ids), _BATCH):
        batch = ids[start : start + _BATCH]
        told = client.get_json(
            plural,
            [("fields", fields), ("filter", f"id:in:[{','.join(batch)}]"), ("paging", "false")],
        )
        found |= {one["id"]: one for one in told[plural]}
    missing = [one for one in ids if one not in found]
    if missing:
        raise UsageError(
            f"the server shows no {plural} with id {', '.join(missing[:10])}",
            where=f"{client.connection.base}/api/{plural}",
            remedy="check the ids, and that the account may read them",
        )
    return [found[one] for one in ids]


def _frame(shape: shapes.Shape, rows: Iterable[tuple[object, ...]]) -> pl.DataFrame:
    return pl.DataFrame(list(rows), schema=shape, orient="row").sort(list(shape)[:2])


def _day(written: object) -> date | None:
    moment = _moment(written)
    return moment.date() if moment else None


def _moment(written: object) -> datetime | None:
    return datetime.fromisoformat(str(written)).replace(tzinfo=None) if written else None
