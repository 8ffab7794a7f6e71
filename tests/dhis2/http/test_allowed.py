"""Only what is on the list is ever asked: nothing about persons, and nothing beside the API."""

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.dhis2.access.credentials import Credentials
from pipeline.dhis2.http.allowed import ForbiddenPathError, insist_on_allowed
from pipeline.dhis2.http.client import Client, Connection

UID = "IpHINAT79UW"
ASKED = (
    "analytics.csv",
    "analytics/dataValueSet.json",
    "completeDataSetRegistrations",
    "configuration/dataOutputPeriodTypes",
    "dataElements",
    f"dataSets/{UID}",
    "dataValueSets.csv",
    "me",
    "programIndicators",
    f"programs/{UID}",
    "system/info",
    f"system/tasks/ANALYTICS_TABLE/{UID}",
    "systemSettings/keyIgnoreAnalyticsApprovalYearThreshold",
)
OF_PERSONS = (
    *("tracker", "trackedEntities", "trackedEntityInstances", "trackedEntityAttributes"),
    *("events", "enrollments", "relationships", "programStageInstances", "users", "userLookup"),
    *("messageConversations", "audits", "dataStore", "userDataStore", "sqlViews", "query"),
    *("aggregate", "outliers", "fileResources", "potentialDuplicates", "metadata", "apiToken"),
)
TRICKS = ("..", ".", "", "%2e%2e", "..%2f", "\\", "//", ";", "?", "#", "@", "\n", "\u2024\u2024")
PIECES = st.sampled_from([*ASKED, *OF_PERSONS, *TRICKS, UID])


@pytest.mark.parametrize("path", ASKED)
def test_what_tally_needs_is_on_the_list(path: str) -> None:
    insist_on_allowed("GET", path)


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
