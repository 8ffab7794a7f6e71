"""GET /api/<kind> lists metadata objects in pages, GET /api/<kind>/<id> shows one."""

import re
from math import ceil

from starlette.convertors import StringConvertor, register_url_convertor
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from sandbox.messages.envelopes import RefusalError, json_answer, web_message
from sandbox.messages.fields import FieldReader, read_fields
from sandbox.messages.request import world_of
from sandbox.metadata.filters import matches
from sandbox.state.objects import objects_of
from sandbox.state.tree import tree_of
from sandbox.state.world import Json

UID = re.compile(r"[A-Za-z][A-Za-z0-9]{10}")
KINDS = (
    *("attributes", "categoryCombos", "categoryOptionCombos", "categoryOptions", "dataElements"),
    *("dataSets", "organisationUnitGroups", "organisationUnitLevels", "organisationUnits"),
    *("programIndicatorGroups", "programIndicators", "programs"),
)
DEFAULT_FIELDS = "displayName,id"
DEFAULT_PAGE_SIZE = 50


async def get_list(request: Request) -> Response:
    """List the objects of one kind, filtered, in pages unless `paging=false`."""
    plural = request.path_params["plural"]
    reader = FieldReader(objects_of(world_of(request)))
    conditions = request.query_params.getlist("filter")
    for condition in conditions:
        matches(reader, {}, condition)  # an unknown operator is refused although nothing is listed
    found = [
        item
        for item in reader.objects.all(plural)
        if all(matches(reader, item, condition) for condition in conditions)
    ]
    found.sort(key=lambda item: (str(item.get("name")).lower(), item["id"]))
    return _page(request, plural, found, reader)


def _page(request: Request, plural: str, found: list[Json], reader: FieldReader) -> Response:
    """One page of `found`; a page past the end names the last page and is empty."""
    fields = read_fields(request.query_params.get("fields", DEFAULT_FIELDS))
    if request.query_params.get("paging", "true").lower() == "false":
        return json_answer({plural: [reader.show(item, fields) for item in found]})
    size = max(1, int(request.query_params.get("pageSize", DEFAULT_PAGE_SIZE)))
    asked = max(1, int(request.query_params.get("page", 1)))
    pages = ceil(len(found) / size)
    pager = {
        "page": max(1, min(asked, pages)),
        "total": len(found),
        "pageSize": size,
        "pageCount": pages,
    }
    shown = found[(asked - 1) * size : asked * size]
    return json_answer({"pager": pager, plural: [reader.show(item, fields) for item in shown]})


async def get_object(request: Request) -> Response:
    """Show one object by its id, or an org unit with all that lies below it."""
    plural, key = request.path_params["plural"], request.path_params["id"]
    if not UID.fullmatch(key):
        return web_message(405, f"Request method '{request.method}' is not supported")
    world = world_of(request)
    reader = FieldReader(objects_of(world))
    item = reader.objects.by_id.get(key)
    if item is None or reader.objects.plural[key] != plural:
        kind = plural[0].upper() + plural[1:].removesuffix("s")
        raise RefusalError(404, f"{kind} with id {key} could not be found.", "E1005")
    if request.query_params.get("includeDescendants") == "true":
        below = [reader.objects.by_id[unit] for unit in tree_of(world).below([key])]
        below.sort(key=lambda unit: str(unit.get("name")).lower())
        return _page(request, plural, below, reader)
    return json_answer(reader.show(item, read_fields(request.query_params.get("fields", "*"))))


class KindConvertor(StringConvertor):
    """A path segment that names a kind of objects."""

    regex = "|".join(KINDS)


register_url_convertor("kind", KindConvertor())


def routes() -> list[Route]:
    """The paths of this module."""
    return [
        Route("/api/{plural:kind}", get_list),
        Route("/api/{plural:kind}/{id}", get_object),
    ]
