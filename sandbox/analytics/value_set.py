"""An analytics answer as data values: /api/analytics/dataValueSet.json and .csv."""

from collections.abc import Iterable
from datetime import date

from sandbox.analytics.names import Namer
from sandbox.analytics.query import AnalyticsQuery
from sandbox.analytics.refusals import kind
from sandbox.analytics.rows import element_text, fits_twice, number_text
from sandbox.messages.envelopes import RefusalError
from sandbox.messages.tables import csv_text
from sandbox.state.objects import Objects
from sandbox.state.world import AnalyticsRow, Json

HEADER = [
    *("data_element", "period", "organisation_unit", "category_option_combo"),
    *("attribute_option_combo", "value", "stored_by", "created", "last_updated"),
    *("comment", "follow_up"),
]


def data_values(
    query: AnalyticsQuery,
    raw: dict[str, list[AnalyticsRow]],
    objects: Objects,
    *,
    scientific: bool,
) -> list[Json]:
    """The rows as data values; export strings go out as they stand.

    Raises `RefusalError` (500) for an indicator whose category mapping overlaps.
    """
    namer = Namer(query, objects, grid=False)
    combos, category_of = objects.option_combos(), objects.category_of_option()
    unrounded = query.flag("skipRounding")
    values = []
    for item, row in ((item, row) for item, rows in raw.items() for row in rows):
        known = objects.by_id[item.partition(".")[0]]
        if kind(item, objects) == "programIndicators":
            if fits_twice(row, category_of):
                raise overlap(row, known, objects)
            text = number_text(row.number, known, unrounded=unrounded, scientific=scientific)
            counted = _exported(known, row.options, combos) | {"value": text}
        else:
            combo = item.partition(".")[2]
            counted = {"categoryOptionCombo": combo, "value": element_text(row.number)}
        cell = {
            "dataElement": namer.item(item).partition(".")[0],
            "period": namer.cell("pe", row.period),
            "orgUnit": namer.cell("ou", row.org_unit),
            **counted,
        }
        values.append({name: member for name, member in cell.items() if member})
    return values


def _exported(
    indicator: Json, options: tuple[str, ...], combos: dict[tuple[str, frozenset[str]], str]
) -> dict[str, str]:
    exported = {
        "dataElement": indicator.get("aggregateExportDataElement"),
        "categoryOptionCombo": indicator.get("aggregateExportCategoryOptionCombo"),
        "attributeOptionCombo": indicator.get("aggregateExportAttributeOptionCombo"),
    }
    if options:
        members = (
            ("categoryOptionCombo", "categoryCombo"),
            ("attributeOptionCombo", "attributeCombo"),
        )
        for name, combo in members:
            exported[name] = next(
                (
                    key
                    for (owner, own), key in combos.items()
                    if owner == indicator[combo]["id"] and own <= set(options)
                ),
                None,
            )
    return {name: text for name, text in exported.items() if text}


def overlap(row: AnalyticsRow, indicator: Json, objects: Objects) -> RefusalError:
    """The refusal of an indicator whose events fit two options of a category."""
    combo = objects.by_id[indicator["categoryCombo"]["id"]]
    return RefusalError(
        500,
        f"Multiple Category Options `{','.join(row.options)}` while disaggregating Program"
        f" Indicator `{indicator['id']}`-`{indicator['name']}` Category Combo"
        f" `{combo['id']}`-`{combo['name']}`",
    )


def set_json(values: Iterable[Json], today: date) -> Json:
    """Data values as `dataValueSet.json` has them."""
    day = today.isoformat()
    added = {"created": day, "lastUpdated": day, "comment": "[aggregated]", "followup": False}
    return {"dataValues": [{**value, **added} for value in values]}


def set_csv(values: Iterable[Json]) -> str:
    """Data values as `dataValueSet.csv` has them."""
    names = (
        "dataElement",
        "period",
        "orgUnit",
        "categoryOptionCombo",
        "attributeOptionCombo",
        "value",
    )
    table = [
        [*(value.get(name, "") for name in names), "", "", "", "[aggregated]", "false"]
        for value in values
    ]
    return csv_text(HEADER, table)
