"""What a client reads of an answer, and where two answers differ in it."""

import json
import re
from collections import Counter
from collections.abc import Callable, Iterable
from typing import Any

import httpx

from tests.sandbox.recordings.pairs import Pair

UNREAD = frozenset(
    {
        *("created", "lastUpdated", "createdBy", "lastUpdatedBy", "translations", "favorites"),
        *("favorite", "sharing", "access", "href", "user", "nextPage", "prevPage"),
        *("approvedBy", "approvedAt", "acceptedAt", "message", "devMessage", "description"),
        *("importOptions", "httpStatus", "responseType", "klass", "dimensionItemType"),
        *("dimensionItem", "displayShortName", "displayFormName", "optionSetValue"),
        *("dataElementGroups", "legendSets"),
    }
)
MOMENT = re.compile(r"\d{4}-\d\d-\d\dT[\d:.]+\+0000")
MESSAGE_READ = ("httpStatusCode", "status", "errorCode")
VALUE_READ = (
    *("dataElement", "period", "orgUnit", "categoryOptionCombo", "attributeOptionCombo"),
    *("value", "storedBy", "comment", "followup", "deleted"),
)


def differences(pair: Pair, answer: httpx.Response) -> list[str]:
    """What differs, one line each; nothing when a client could not tell the two apart."""
    found = []
    if answer.status_code != pair.status:
        return [f"status {answer.status_code}, recorded {pair.status}: {answer.text[:300]}"]
    for header in ("content-type", "content-disposition", "www-authenticate"):
        recorded, ours = pair.answer.get(header, ""), answer.headers.get(header, "")
        if recorded and _first(recorded) != _first(ours):
            found.append(f"{header} {ours!r}, recorded {recorded!r}")
    if pair.status == httpx.codes.FOUND:
        recorded = pair.answer["location"].split("//")[1].partition("/")[2]
        if not answer.headers["location"].endswith(recorded):
            found.append(f"location {answer.headers['location']}, recorded {recorded}")
    if pair.method == "HEAD" or pair.status == httpx.codes.NOT_MODIFIED:
        return found
    return found + body_differences(pair, answer)


def body_differences(pair: Pair, answer: httpx.Response) -> list[str]:
    """What differs in the bodies."""
    if pair.json is None:
        return text_differences(pair.text or "", answer.text)
    try:
        ours = answer.json()
    except ValueError:
        return [f"no JSON: {answer.text[:200]!r}"]
    if is_chance(pair):
        return json_differences(how_many(pair.json), how_many(ours))
    return json_differences(read(pair.json), read(ours))


def is_chance(pair: Pair) -> bool:
    """Whether a pair asks for some of many values in no order: which of them is chance."""
    asked = {name for name, _ in pair.query}
    return pair.path == "/api/dataValueSets" and "limit" in asked and "order" not in asked


def how_many(body: dict[str, Any]) -> dict[str, int]:
    """Count the values, which is all that an answer of chance tells."""
    return {"values": len(body["dataValues"])}


def text_differences(recorded: str, ours: str) -> list[str]:
    """Compare texts: a page is a page, CSV may come in any order."""
    if recorded.startswith("<html"):
        return [] if ours.lower().startswith(("<html", "<!doctype")) else [f"no page: {ours[:99]}"]
    if recorded.split("\n", maxsplit=1)[0] != ours.split("\n", maxsplit=1)[0]:
        return [f"first line {ours[:200]!r}, recorded {recorded[:200]!r}"]
    lines = [MOMENT.sub("", text).splitlines()[1:] for text in (recorded, ours)]
    return counted(*lines)


def counted(recorded: Iterable[Any], ours: Iterable[Any]) -> list[str]:
    """Compare two collections in which order means nothing."""
    first, second = (Counter(map(_order, side)) for side in (recorded, ours))
    missing, extra = list((first - second).elements()), list((second - first).elements())
    if not missing and not extra:
        return []
    return [f"{len(missing)} missing {missing[:3]}, {len(extra)} extra {extra[:3]}"]


def read(body: Any) -> Any:  # noqa: ANN401 - a body may be anything
    """The part of a body that a client reads, in an order of its own."""
    return next((reader(body) for shape, reader in SHAPES if shape(body)), _plain(body))


def json_differences(recorded: Any, ours: Any, where: str = "") -> list[str]:  # noqa: ANN401 - as above
    """Compare what was recorded with ours; members that were not recorded do not matter."""
    if isinstance(recorded, dict) and isinstance(ours, dict):
        return [
            line
            for name, member in recorded.items()
            for line in json_differences(member, ours.get(name), f"{where}.{name}")
        ]
    if isinstance(recorded, list) and isinstance(ours, list):
        if len(recorded) == len(ours) and any(isinstance(one, dict) for one in recorded):
            return [
                line
                for index, pair in enumerate(zip(recorded, ours, strict=True))
                for line in json_differences(*pair, f"{where}[{index}]")
            ]
        return [f"{where}: {line}" for line in counted(recorded, ours)]
    return (
        []
        if recorded == ours
        else [f"{where} {str(ours)[:200]!r}, recorded {str(recorded)[:200]!r}"]
    )


def _first(header: str) -> str:
    return header.partition(";")[0]


def _plain(body: Any) -> Any:  # noqa: ANN401 - a body may be anything
    if isinstance(body, dict):
        return {name: _plain(member) for name, member in body.items() if name not in UNREAD}
    if isinstance(body, list):
        return sorted((_plain(one) for one in body), key=_order)
    return body


def _order(one: Any) -> str:  # noqa: ANN401 - as above
    key = one.get("id", "") if isinstance(one, dict) else ""
    return f"{key}{json.dumps(one, sort_keys=True)}"


def _grid(body: dict[str, Any]) -> dict[str, Any]:
    headers = [header if isinstance(header, str) else header["name"] for header in body["headers"]]
    dimensions = body.get("dimensions") or body.get("metaData", {}).get("dimensions")
    dx = sorted(dimensions["dx"]) if dimensions else None
    return {"headers": headers, "dx": dx, "rows": sorted(body["rows"])}


def _value_set(body: dict[str, Any]) -> dict[str, Any]:
    values = [{name: v[name] for name in VALUE_READ if name in v} for v in body["dataValues"]]
    root = {name: body[name] for name in VALUE_READ if name in body}
    return {**root, "dataValues": sorted(values, key=_order)}


def _message(body: dict[str, Any]) -> dict[str, Any]:
    members = {name: body[name] for name in MESSAGE_READ if name in body}
    response = body.get("response")
    return members | ({"response": read(response)} if response else {})


def summary(body: dict[str, Any]) -> dict[str, Any]:
    """What a client reads of an import summary: counts, conflicts, rejected rows."""
    conflicts = [
        {name: member for name, member in conflict.items() if name not in ("value", "property")}
        for conflict in body.get("conflicts", [])
    ]
    return {
        "status": body["status"],
        "importCount": body["importCount"],
        "rejectedIndexes": sorted(body.get("rejectedIndexes", [])),
        "conflicts": sorted(conflicts, key=_order),
    } | {name: body[name] for name in ("dataSetComplete",) if name in body}


def _info(body: dict[str, Any]) -> dict[str, Any]:
    """What a client reads of system info; of the last table run only its day."""
    members = ("version", "calendar", "dateFormat", "serverTimeZoneId")
    return {name: body[name] for name in members if name in body} | {
        "now": body["serverDate"][:19],
        "lastAnalyticsTableSuccess": body["lastAnalyticsTableSuccess"][:10],
    }


def _me(body: dict[str, Any]) -> dict[str, Any]:
    """What a client reads of a user; a superuser's other authorities do not matter."""
    names = ("id", "username", "organisationUnits", "dataViewOrganisationUnits")
    members = {name: _plain(body[name]) for name in names if name in body}
    if "authorities" in body:
        superuser = "ALL" in body["authorities"]
        members["authorities"] = ["ALL"] if superuser else sorted(body["authorities"])
    return members


def _job_state(body: dict[str, Any]) -> dict[str, Any]:
    return {name: body[name] for name in ("jobType", "jobStatus", "lastExecutedStatus")}


def _job(body: dict[str, Any]) -> dict[str, Any]:
    return {"jobType": body["jobType"]}


def _notes(body: list[dict[str, Any]]) -> dict[str, Any]:
    """What counts of a job's notes: whether it ended, and if so how."""
    ended = next((note for note in body if note["completed"]), None)
    return {"ended": ended and ended["level"]}


def _jobs(body: dict[str, list[dict[str, Any]]]) -> list[Any]:
    """How each job ended; their ids are the server's own."""
    return sorted((_notes(notes) for notes in body.values()), key=_order)


def _jobs_by_kind(body: dict[str, dict[str, list[dict[str, Any]]]]) -> dict[str, list[Any]]:
    return {kind: _jobs(jobs) for kind, jobs in body.items()}


def _names(body: list[dict[str, Any]]) -> list[str]:
    return sorted(one["name"] for one in body)


def _has(*names: str) -> Callable[[Any], bool]:
    return lambda body: isinstance(body, dict) and all(name in body for name in names)


def _lists(*names: str) -> Callable[[Any], bool]:
    is_one = _has(*names)
    return lambda body: isinstance(body, list) and all(is_one(one) for one in body)


def _holds(is_one: Callable[[Any], bool]) -> Callable[[Any], bool]:
    return lambda body: isinstance(body, dict) and bool(body) and all(map(is_one, body.values()))


_are_notes = _lists("level", "completed")
_are_jobs = _holds(_are_notes)

SHAPES: list[tuple[Callable[[Any], bool], Callable[[Any], Any]]] = [
    (_has("serverDate"), _info),
    (_has("username"), _me),
    (_has("lastExecutedStatus"), _job_state),
    (_has("rows", "headers"), _grid),
    (_has("dataValues"), _value_set),
    (_has("httpStatusCode"), _message),
    (_has("importCount"), summary),
    (_has("relativeNotifierEndpoint"), _job),
    (_are_notes, _notes),
    (_are_jobs, _jobs),
    (_holds(lambda jobs: jobs == {} or _are_jobs(jobs)), _jobs_by_kind),
    (_lists("name"), _names),
]
