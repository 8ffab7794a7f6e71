"""What shuts a form and what opens it again is read as each generation tells it."""

import json

import pytest

from pipeline.dhis2.closings import Form, read_approval, read_lock_exceptions
from pipeline.dhis2.system import NEVER
from pipeline.text.errors import LoginError
from schemas.server import SystemInfo
from tests.dhis2.http.script import Said, Script, door, says

OLD = SystemInfo("2.42.4.1", "iso8601", "here", NEVER, None)
NEW = SystemInfo("2.43.0", "iso8601", "here", NEVER, None)
FORM = Form("dsMonthly01", "202610", "ouClinicAA1")


def exceptions(*periods: object) -> Said:
    listed = [
        {"dataSet": {"id": "ds"}, "organisationUnit": {"id": "ou"}, "period": period}
        for period in periods
    ]
    return says(200, json.dumps({"lockExceptions": listed}))


def test_up_to_2_42_a_period_is_told_by_its_id() -> None:
    script = Script(exceptions({"id": "202608"}))

    with door(script) as client:
        found = read_lock_exceptions(client, OLD)

    assert found.rows() == [("ds", "202608", "ou")]
    assert script.asked[0].url.params["fields"].endswith(",period[id]")


def test_from_2_43_on_a_period_is_told_by_type_and_first_day() -> None:
    month = {"periodType": "Monthly", "startDate": "2026-08-01T00:00:00.000", "endDate": "later"}
    script = Script(exceptions(month, {"periodType": "Weekly", "startDate": "2026-12-28T00:00"}))

    with door(script) as client:
        found = read_lock_exceptions(client, NEW)

    assert sorted(found["period"]) == ["202608", "2026W53"]
    assert script.asked[0].url.params["fields"].endswith(",period")


@pytest.mark.parametrize("period", [{}, None, {"periodType": "Moonly", "startDate": "2026-08-01"}])
def test_an_exception_of_no_known_period_opens_nothing(period: object) -> None:
    with door(Script(exceptions(period))) as client:
        assert read_lock_exceptions(client, NEW).is_empty()


@pytest.mark.parametrize(
    "told",
    [
        *([], {}, {"lockExceptions": 3}, {"lockExceptions": {"id": "ds"}}),
        {"lockExceptions": ["ds", None, {}]},
        {"lockExceptions": [{"dataSet": "ds", "organisationUnit": ["ou"], "period": {"id": "x"}}]},
    ],
)
def test_what_is_no_list_of_exceptions_opens_nothing(told: object) -> None:
    with door(Script(says(200, json.dumps(told)))) as client:
        assert read_lock_exceptions(client, OLD).is_empty()


def test_one_exception_that_cannot_be_read_leaves_the_others_as_they_are() -> None:
    good = {"dataSet": {"id": "ds"}, "organisationUnit": {"id": "ou"}, "period": {"id": "202608"}}
    told = {"lockExceptions": [good | {"dataSet": "ds"}, good, "ds"]}

    with door(Script(says(200, json.dumps(told)))) as client:
        assert read_lock_exceptions(client, OLD).rows() == [("ds", "202608", "ou")]


@pytest.mark.parametrize("told", [[], "APPROVED_HERE", {"state": None}, {"state": ["APPROVED_"]}])
def test_what_is_no_answer_about_an_approval_tells_nothing(told: object) -> None:
    with door(Script(says(200, json.dumps(told)))) as client:
        assert read_approval(client, FORM) == "not told"


def test_a_server_that_does_not_tell_exceptions_has_none() -> None:
    with door(Script(says(403, "{}"))) as client:
        assert read_lock_exceptions(client, OLD).is_empty()
    with door(Script(says(401, "{}"))) as client, pytest.raises(LoginError):
        read_lock_exceptions(client, OLD)


@pytest.mark.parametrize(
    ("state", "approval"),
    [
        ("APPROVED_HERE", "approved"),
        ("APPROVED_ABOVE", "approved"),
        ("ACCEPTED_HERE", "approved"),
        ("UNAPPROVED_READY", "open"),
        ("UNAPPROVABLE", "open"),
        ("A_NEW_WORD", "not told"),
    ],
)
def test_only_known_words_of_an_approval_are_believed(state: str, approval: str) -> None:
    with door(Script(says(200, json.dumps({"state": state})))) as client:
        assert read_approval(client, FORM) == approval


def test_an_approval_that_may_not_be_seen_is_not_told() -> None:
    with door(Script(says(409, "{}"))) as client:
        assert read_approval(client, FORM) == "not told"
