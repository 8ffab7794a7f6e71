"""The four faces of an analytics answer: grid and data value set, each as JSON and as CSV."""

import csv
import io
from collections.abc import Iterable
from datetime import date

from sandbox.analytics.query import Query
from sandbox.analytics.rows import GridRow, element_text, fits_twice, number_text
from sandbox.analytics.rules import kind
from sandbox.http.envelopes import RefusalError
from sandbox.state.calendar import period_name
from sandbox.state.objects import Objects
from sandbox.state.world import AnalyticsRow, Json

TITLES = {"dx": "Data", "pe": "Period", "ou": "Organisation unit", "co": "Category option combo"}
SET_HEADER = [
    *("data_element", "period", "organisation_unit", "category_option_combo"),
    *("attribute_option_combo", "value", "stored_by", "created", "last_updated"),
    *("comment", "follow_up"),
]
EXPORTED_COMBOS = {"categoryOptionCombo": "categoryCombo", "attributeOptionCombo": "attributeCombo"}


class Namer:
    """Calls items, periods and org units as the schemes of a request want them."""

    def __init__(self, query: Query, objects: Objects, *, grid: bool) -> None:
        plain = grid and query.flag("skipMeta")
        self.objects = objects
        self.general = "UID" if plain else query.scheme("outputIdScheme")
        self.items = "UID" if plain else query.scheme("outputDataItemIdScheme", "outputIdScheme")
        self.elements = (
            "UID" if plain else query.scheme("outputDataElementIdScheme", "outputIdScheme")
        )
        self.units = "UID" if plain else query.scheme("outputOrgUnitIdScheme", "outputIdScheme")

    def item(self, key: str) -> str:
        """Give a data item's name in its scheme."""
        element, _, combo = key.partition(".")
        is_element = kind(key, self.objects) == "dataElements"
        scheme = self.elements if is_element and self.items == "UID" else self.items
        called = self.objects.called(element, scheme)
        return f"{called}.{self.objects.called(combo, self.general)}" if combo else called

    def cell(self, column: str, key: str) -> str:
        """Give the name of what stands in a column."""
        if column == "pe":
            return period_name(key) if self.general.upper() == "NAME" else key
        return self.objects.called(key, self.units if column == "ou" else self.general)


def title(column: str, objects: Objects) -> str:
    """Give the display name of a column."""
    return TITLES.get(column) or str(objects.by_id[column]["name"])


def grid_table(query: Query, rows: Iterable[GridRow], objects: Objects) -> list[list[str]]:
    """Give the cells of a grid as text, the data item first and the value last."""
    namer = Namer(query, objects, grid=True)
    unrounded = query.flag("skipRounding")
    table = []
    for row in rows:
        item = objects.by_id[row.item.partition(".")[0]]
        if kind(row.item, objects) == "programIndicators":
            text = number_text(row.number, item, unrounded=unrounded)
        else:
            text = element_text(row.number)
        cells = [namer.cell(*pair) for pair in zip(query.columns, row.cells, strict=True)]
        table.append([namer.item(row.item), *cells, text])
    return table


def grid_json(query: Query, rows: Iterable[GridRow], objects: Objects) -> Json:
    """Give a grid as `analytics.json` has it."""
    table = grid_table(query, rows, objects)
    headers = [
        _header(column, title(column, objects), is_value=False) for column in ("dx", *query.columns)
    ]
    headers.append(_header("value", "Value", is_value=True))
    meta: Json = {} if query.flag("skipMeta") else {"metaData": grid_meta(query, objects)}
    return {
        "headers": headers,
        **meta,
        "rowContext": {},
        "width": len(headers),
        "rows": table,
        "height": len(table),
        "headerWidth": len(headers),
    }


def _header(name: str, column: str, *, is_value: bool) -> Json:
    return {
        "name": name,
        "column": column,
        "valueType": "NUMBER" if is_value else "TEXT",
        "type": "java.lang.Double" if is_value else "java.lang.String",
        "hidden": False,
        "meta": not is_value,
    }


def grid_meta(query: Query, objects: Objects) -> Json:
    """Give the names and the dimensions of a grid; an indicator left out still stands here."""
    dimensions: dict[str, list[str]] = {
        "dx": list(dict.fromkeys(query.items)),
        "pe": query.periods,
        "ou": query.org_units,
        "co": [],
        **{category: sorted(options) for category, options in query.options.items()},
    }
    items: Json = {name: {"name": label} for name, label in TITLES.items() if name != "co"}
    items.update({period: {"name": period_name(period)} for period in query.periods})
    for key in {key for members in dimensions.values() for key in members} | set(query.options):
        if key in objects.by_id:
            items[key] = {"name": objects.by_id[key]["name"]}
    return {"items": items, "dimensions": dimensions}


def grid_csv(query: Query, rows: Iterable[GridRow], objects: Objects) -> str:
    """Give a grid as `analytics.csv` has it: display names above, ids below."""
    header = [title(column, objects) for column in ("dx", *query.columns)]
    return csv_text([*header, "Value"], grid_table(query, rows, objects))


def csv_text(header: list[str], table: Iterable[Iterable[str]]) -> str:
    """Give a table as CSV text."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(table)
    return text.getvalue()


def data_values(
    query: Query, raw: dict[str, list[AnalyticsRow]], objects: Objects, *, scientific: bool
) -> list[Json]:
    """Give the rows as data values; export strings go out as they stand.

    Raises `RefusalError` (500) for an indicator whose category mapping overlaps.
    """
    namer = Namer(query, objects, grid=False)
    combos, category_of = objects.option_combos(), objects.category_of_option()
    unrounded = query.flag("skipRounding")
    values = []
    for item, rows in raw.items():
        known = objects.by_id[item.partition(".")[0]]
        is_indicator = kind(item, objects) == "programIndicators"
        for row in rows:
            if is_indicator and fits_twice(row, category_of):
                raise overlap(row, known, objects)
            cell = {
                "dataElement": namer.item(item).partition(".")[0],
                "period": namer.cell("pe", row.period),
                "orgUnit": namer.cell("ou", row.org_unit),
            }
            if is_indicator:
                cell |= _exported(known, row.options, combos)
                cell["value"] = number_text(
                    row.number, known, unrounded=unrounded, scientific=scientific
                )
            else:
                cell["categoryOptionCombo"] = item.partition(".")[2]
                cell["value"] = element_text(row.number)
            values.append({name: text for name, text in cell.items() if text})
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
    """Give the refusal of an indicator whose events fit two options of a category."""
    combo = objects.by_id[indicator["categoryCombo"]["id"]]
    return RefusalError(
        500,
        f"Multiple Category Options `{','.join(row.options)}` while disaggregating Program"
        f" Indicator `{indicator['id']}`-`{indicator['name']}` Category Combo"
        f" `{combo['id']}`-`{combo['name']}`",
    )


def set_json(values: Iterable[Json], today: date) -> Json:
    """Give data values as `dataValueSet.json` has them."""
    day = today.isoformat()
    added = {"created": day, "lastUpdated": day, "comment": "[aggregated]", "followup": False}
    return {"dataValues": [{**value, **added} for value in values]}


def set_csv(values: Iterable[Json]) -> str:
    """Give data values as `dataValueSet.csv` has them."""
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
    return csv_text(SET_HEADER, table)
