"""The analytics endpoints: who may ask what, and how a refusal looks in each format."""

import hashlib
import re
from itertools import count

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from sandbox.analytics.grid import grid_csv, grid_json
from sandbox.analytics.query import AnalyticsQuery, read_query
from sandbox.analytics.refusals import (
    check_form,
    check_limit,
    check_tables,
    check_user,
    dropped_indicators,
)
from sandbox.analytics.rows import GridRow, grid_rows, raw_rows, shuffled
from sandbox.analytics.value_set import data_values, set_csv, set_json
from sandbox.messages.envelopes import CSV_TYPE, RefusalError, html_page, json_answer
from sandbox.messages.request import user_of, world_of
from sandbox.state.objects import Objects, objects_of
from sandbox.state.tree import tree_of
from sandbox.state.world import AnalyticsRow

CACHING = {"Cache-Control": "max-age=60, public"}
ATTACHMENT = 'attachment; filename="data.csv"'
TOO_MANY_ROWS = "E7128"
DATABASE_CODES = frozenset({"E7132", "E7144", "E7145"})


def raw_answer(
    request: Request, *, grid: bool
) -> tuple[AnalyticsQuery, dict[str, list[AnalyticsRow]], Objects]:
    """The query, the rows it asks for, and the metadata; or the refusal, raised."""
    world, user = world_of(request), user_of(request)
    objects, tree = objects_of(world), tree_of(world)
    roots = user.data_view_org_units or user.org_units or tree.roots()
    today = world.clock().date()
    query = read_query(request.query_params.multi_items(), objects, tree, today, roots)
    check_form(query, objects, grid=grid)
    check_user(query, objects, tree, user)
    check_tables(query, objects, world)
    left_out = dropped_indicators(query, objects, tree, world)
    raw = raw_rows(query, objects, world, left_out)
    if not grid:
        check_limit(sum(map(len, raw.values())), world)
    return query, raw, objects


def _order(request: Request) -> str:
    world = world_of(request)
    return f"{world.seed} {world.clock().date()}"


def _grid(request: Request) -> tuple[AnalyticsQuery, list[GridRow], Objects]:
    query, raw, objects = raw_answer(request, grid=True)
    world = world_of(request)
    rows = grid_rows(query, raw, objects, totals_are_of_mapped=world.totals_are_of_mapped)
    check_limit(len(rows), world)
    ordered = [row for row in shuffled(rows, _order(request)) if isinstance(row, GridRow)]
    return query, ordered, objects


def _values(request: Request, *, scientific: bool) -> list[dict[str, object]]:
    query, raw, objects = raw_answer(request, grid=False)
    ordered = {
        item: [row for row in shuffled(rows, _order(request)) if isinstance(row, AnalyticsRow)]
        for item, rows in raw.items()
    }
    return data_values(query, ordered, objects, scientific=scientific)


async def analytics_json(request: Request) -> Response:
    """Answer a grid as JSON; a bare path asked for CSV is not acceptable."""
    accepted = request.headers.get("Accept", "*/*")
    if not request.url.path.endswith(".json") and not re.search(r"json|\*/\*", accepted):
        return html_page(406, "Acceptable representations: [application/json]")
    query, rows, objects = _grid(request)
    return _tagged(request, json_answer(grid_json(query, rows, objects), headers=CACHING))


async def analytics_csv(request: Request) -> Response:
    """Answer a grid as CSV. A refusal comes as text with status 200, a database error as a page."""
    try:
        query, rows, objects = _grid(request)
    except RefusalError as refusal:
        if refusal.code in DATABASE_CODES:
            return _csv_failure(refusal)
        numbers = count()
        text = re.sub(r"`[^`]*`", lambda _: f"`{{{next(numbers)}}}`", refusal.message)
        headers = {"Content-Disposition": 'inline; filename="error.html"'}
        kind = CSV_TYPE if refusal.code == TOO_MANY_ROWS else None
        return Response(f"{refusal.code}: {text}", headers=headers, media_type=kind)
    return _attached(request, grid_csv(query, rows, objects))


async def set_as_json(request: Request) -> Response:
    """Answer a data value set as JSON."""
    values = _values(request, scientific=True)
    today = world_of(request).clock().date()
    return _tagged(request, json_answer(set_json(values, today), headers=CACHING))


async def set_as_csv(request: Request) -> Response:
    """Answer a data value set as CSV; every refusal is a page with status 500."""
    try:
        values = _values(request, scientific=False)
    except RefusalError as refusal:
        return _csv_failure(refusal)
    return _attached(request, set_csv(values))


def _csv_failure(refusal: RefusalError) -> Response:
    """The page of a CSV answer that failed; the database fails when it has been promised."""
    page = html_page(500, "Request processing failed")
    if refusal.code in DATABASE_CODES:
        page.headers["Content-Disposition"] = ATTACHMENT
    return page


async def set_as_xml(_request: Request) -> Response:
    """Fail, as real servers do."""
    return html_page(500, "Request processing failed")


def _attached(request: Request, text: str) -> Response:
    headers = {**CACHING, "Content-Disposition": ATTACHMENT}
    return _tagged(request, Response(text, headers=headers, media_type=CSV_TYPE))


def _tagged(request: Request, response: Response) -> Response:
    """Put an ETag on an answer, or say 304 to somebody who has it."""
    digest = hashlib.blake2b(bytes(response.body), digest_size=16).hexdigest()
    response.headers["ETag"] = f'"{digest}"'
    if request.headers.get("If-None-Match") == response.headers["ETag"]:
        return Response(status_code=304, headers={"ETag": response.headers["ETag"]})
    return response


def routes() -> list[Route]:
    """The paths of this module."""
    return [
        Route("/api/analytics", analytics_json),
        Route("/api/analytics.json", analytics_json),
        Route("/api/analytics.csv", analytics_csv),
        Route("/api/analytics/dataValueSet.json", set_as_json),
        Route("/api/analytics/dataValueSet.csv", set_as_csv),
        Route("/api/analytics/dataValueSet.xml", set_as_xml),
    ]
