"""An analytics answer as a grid: /api/analytics.json and /api/analytics.csv."""

from collections.abc import Iterable

from sandbox.analytics.names import Namer
from sandbox.analytics.query import AnalyticsQuery
from sandbox.analytics.refusals import kind
from sandbox.analytics.rows import GridRow, element_text, number_text
from sandbox.messages.tables import csv_text
from sandbox.state.calendar import period_name
from sandbox.state.objects import Objects
from sandbox.state.world import Json

TITLES = {"dx": "Data", "pe": "Period", "ou": "Organisation unit", "co": "Category option combo"}


def title(column: str, objects: Objects) -> str:
    """The display name of a column."""
    return TITLES.get(column) or str(objects.by_id[column]["name"])


def grid_table(query: AnalyticsQuery, rows: Iterable[GridRow], objects: Objects) -> list[list[str]]:
    """The cells of a grid as text, the data item first and the value last."""
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


def grid_json(query: AnalyticsQuery, rows: Iterable[GridRow], objects: Objects) -> Json:
    """A grid as `analytics.json` has it."""
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


def grid_meta(query: AnalyticsQuery, objects: Objects) -> Json:
    """The names and the dimensions of a grid; an indicator left out still stands here."""
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


def grid_csv(query: AnalyticsQuery, rows: Iterable[GridRow], objects: Objects) -> str:
    """A grid as `analytics.csv` has it: display names above, ids below."""
    header = [title(column, objects) for column in ("dx", *query.columns)]
    return csv_text([*header, "Value"], grid_table(query, rows, objects))
