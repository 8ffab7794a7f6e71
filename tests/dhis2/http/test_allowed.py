"""Only what is on the list is ever asked: nothing about persons, and nothing beside the API."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.dhis2.access.credentials import Credentials
from pipeline.dhis2.http.allowed import ALLOWED, ForbiddenPathError, insist_on_allowed
from pipeline.dhis2.http.client import Client, Connection

UID = "IpHINAT79UW"
PIPELINE = Path(__file__).parents[3] / "pipeline"
PATH_AT = {  # which argument of a function that asks is the path
    **dict.fromkeys(("get_json", "get_object", "get_answer"), ("GET", 0)),
    **dict.fromkeys(("read_all", "read_some", "find_some"), ("GET", 1)),
    "post_json": ("POST", 0),
}
HANDED_ON = {"dhis2/http/client.py", "dhis2/objects.py"}  # here a path is a parameter
ASKED = sorted(ALLOWED["GET"])
OF_PERSONS = (
    *("tracker", "trackedEntities", "trackedEntityInstances", "trackedEntityAttributes"),
    *("events", "enrollments", "relationships", "programStageInstances", "users", "userLookup"),
    *("messageConversations", "audits", "dataStore", "userDataStore", "sqlViews", "query"),
    *("aggregate", "outliers", "fileResources", "potentialDuplicates", "metadata", "apiToken"),
)
TRICKS = ("..", ".", "", "%2e%2e", "..%2f", "\\", "//", ";", "?", "#", "@", "\n", "\u2024\u2024")
PIECES = st.sampled_from([*ASKED, *OF_PERSONS, *TRICKS, UID])


def paths_in_the_code() -> Iterator[tuple[str, str]]:
    """Give the method and path of every request that some module makes."""
    for module in sorted(PIPELINE.rglob("*.py")):
        where = module.relative_to(PIPELINE).as_posix()
        for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call):
                continue
            name = getattr(node.func, "attr", None) or getattr(node.func, "id", "")
            if name in PATH_AT:
                method, at = PATH_AT[name]
                path = node.args[at]
                if isinstance(path, ast.Constant):
                    yield method, path.value
                else:
                    assert where in HANDED_ON, f"{where}:{node.lineno} asks for no fixed path"


def test_the_list_holds_what_the_code_asks_for_and_nothing_else() -> None:
    listed = {(method, path) for method, paths in ALLOWED.items() for path in paths}

    assert set(paths_in_the_code()) == listed


def test_only_the_client_itself_sends_a_request() -> None:
    sending = re.compile(r"\bhttpx\b|\.build_request\(|urlopen|\bsocket\b")
    modules = {
        module.relative_to(PIPELINE).as_posix()
        for module in PIPELINE.rglob("*.py")
        if sending.search(module.read_text(encoding="utf-8"))
    }

    assert modules == {"dhis2/http/client.py"}


@given(st.lists(st.sampled_from([*ASKED, *TRICKS]), max_size=2), st.sampled_from(OF_PERSONS))
def test_nothing_about_persons_is_on_the_list_whatever_stands_before_it(
    before: list[str], person: str
) -> None:
    for path in ("/".join([*before, person]), "/".join([*before, person, UID])):
        for method in ("GET", "POST"):
            with pytest.raises(ForbiddenPathError):
                insist_on_allowed(method, path)


@given(st.lists(PIECES, min_size=1, max_size=4).map("/".join))
def test_a_path_that_passes_is_asked_as_it_stands_below_the_api(path: str) -> None:
    try:
        insist_on_allowed("GET", path)
    except ForbiddenPathError:
        return

    url = httpx.URL(f"https://dhis2.example/dhis/api/{path}")
    assert (url.host, url.raw_path.decode()) == ("dhis2.example", f"/dhis/api/{path}")
    assert not {"..", ".", *OF_PERSONS} & set(path.split("/"))


@pytest.mark.parametrize(
    "path",
    [
        "tracker/events",
        "programs/../tracker",
        f"programs/{UID}/events",
        f"programs/{UID}/../../tracker/events",
        "dataElements/x",
        f"dataElements/{UID}",
        "dataValues",
        "dataValueSets.json",
        "analytics/dataValueSet.csv",
        "system/ping",
        "system/tasks",
        "dataElements?fields=id",
        "https://elsewhere.example/me",
        f"analytics/events/query/{UID}",
        "me ",
        "me\n",
        "",
    ],
)
def test_a_path_that_is_not_on_the_list_never_leaves_the_client(path: str) -> None:
    asked: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        return httpx.Response(200, json={})

    connection = Connection("https://dhis2.example", Credentials(token="d2p_x"))
    with Client(connection, transport=httpx.MockTransport(answer)) as client:
        with pytest.raises(ForbiddenPathError, match="never asks for GET"):
            client.get_answer(path)
        with pytest.raises(ForbiddenPathError, match="never asks for POST"):
            client.post_json("metadata", b"{}")

    assert asked == []
