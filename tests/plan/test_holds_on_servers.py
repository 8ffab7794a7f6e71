"""What may not be written now is found before anything is sent; all else is written."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from starlette.requests import Request

from pipeline.plan.rules.reasons import SENTENCES
from sandbox.http.faults import Answer, Ask, Fault
from tests.support.deployments import SOURCES, Post, planned
from tests.support.faults import first
from tests.support.village import (
    CLINICS,
    DATA_SET,
    DEFAULT,
    MONTHS,
    form,
    in_words,
    key_of,
    tracker,
    typed,
    village,
)

GENERATIONS = pytest.mark.parametrize("generation", ["2.42", "2.43"])
COUNTS = """
    month  | clinic | what  | number
    202609 | a      | cases | 5
    202610 | a      | cases | 6
    202610 | b      | cases | 7
"""


def the_form(post: Post) -> dict[str, Any]:
    return post.world.metadata["dataSets"][0]


def unit(post: Post, clinic: str) -> dict[str, Any]:
    units = post.world.metadata["organisationUnits"]
    return next(one for one in units if one["id"] == CLINICS[clinic])


def expire(post: Post, days: float = 30.0) -> None:
    the_form(post)["expiryDays"] = days  # October ended 20 days ago, September 51


def windows(post: Post, **dates: str) -> None:
    the_form(post)["dataInputPeriods"] = [{"period": {"id": "202610"}, **dates}]


def approve(post: Post, clinic: str, month: str) -> None:
    the_form(post)["workflow"] = {"id": "wfDistrict1"}
    post.world.approvals.add((DATA_SET, month, CLINICS[clinic], DEFAULT))


@GENERATIONS
def test_whatever_is_shut_stops_nothing_else(tmp_path: Path, generation: str) -> None:
    counted = [f"{month} | {clinic} | cases | 5" for month in MONTHS for clinic in "abcdef"]
    with village(tmp_path, generation, "abcdef") as post:
        tracker(post, "\n".join(["month | clinic | what | number", *counted]))
        expire(post, 60.0)  # August ended 81 days ago, September 51
        the_form(post)["organisationUnits"] = [{"id": CLINICS[one]} for one in "bcdef"]
        post.configure(org_units={"assigned_only": False})
        unit(post, "b")["closedDate"] = "2026-08-31T00:00:00.000"
        unit(post, "c")["openingDate"] = "2026-10-01T00:00:00.000"
        post.world.users["tally"].org_units = tuple(CLINICS[one] for one in "abcef")
        approve(post, "e", "202609")

        night = post.night()

        plan = planned(night.work)
        told = [(line[0], line[1], line[3]) for line in in_words(plan, "reason_id")]
        assert told == [
            ("202608", "a", "not_assigned"),
            ("202608", "b", "expired"),
            ("202608", "c", "not_open_yet"),
            ("202608", "d", "outside_capture"),
            ("202608", "e", "expired"),
            ("202608", "f", "expired"),
            ("202609", "a", "not_assigned"),
            ("202609", "b", "closed"),
            ("202609", "c", "not_open_yet"),
            ("202609", "d", "outside_capture"),
            ("202609", "e", "approved"),
            ("202609", "f", "new"),
            ("202610", "a", "not_assigned"),
            ("202610", "b", "closed"),
            ("202610", "c", "new"),
            ("202610", "d", "outside_capture"),
            ("202610", "e", "new"),
            ("202610", "f", "new"),
        ]
        assert set(plan["reason"]) <= set(SENTENCES.values())
        assert night.loaded.is_whole
        assert [line[:2] for line in form(post)] == [
            ("202609", "f"),
            *(("202610", clinic) for clinic in "cef"),
        ]


def another_type(post: Post) -> None:
    the_form(post)["periodType"] = "Weekly"


def no_authority(post: Post) -> None:
    post.world.users["tally"].authorities = frozenset({"F_VIEW_EVENT_ANALYTICS"})


def not_shared(post: Post) -> None:
    the_form(post)["access"] = {"data": {"read": True, "write": False}}


def map_wrongly(post: Post) -> None:
    post.map([("piCases0001", "", "deCases0001", "cocBoys0001", "")])


@pytest.mark.parametrize(
    ("happen", "reason"),
    [
        (another_type, "wrong_period_type"),
        (no_authority, "no_authority"),
        (not_shared, "no_write_access"),
        (map_wrongly, "combo_not_in_element"),
    ],
)
def test_a_form_that_takes_nothing_holds_all_of_it(
    tmp_path: Path, happen: Callable[[Post], None], reason: str
) -> None:
    with village(tmp_path) as post:
        tracker(post, COUNTS)
        happen(post)

        work, _ = post.plan()

        assert set(planned(work)["action"]) == {"hold"}
        assert set(planned(work)["reason_id"]) == {reason}


def split_by_sex(post: Post, **boys: object) -> None:
    """Split the form as a whole by sex, and map the cases to its boys."""
    the_form(post)["categoryCombo"] = {"id": "ccSex000001"}
    options = post.world.metadata["categoryOptions"]
    next(one for one in options if one["id"] == "coBoys00001").update(boys)
    post.map(
        [("piCases0001", "", "deCases0001", "", "cocBoys0001")],
        (*SOURCES[:4], "attribute_option_combo"),
    )


@GENERATIONS
@pytest.mark.parametrize(
    ("more", "old", "new"),
    [
        (0, ["202603", "202605", "202608"], ["202605"]),
        (1, ["202603", "202605", "202608", "202609"], ["202605", "202608", "202609"]),
    ],
)
def test_what_the_dates_of_an_option_let_in_is_written_and_the_rest_is_held(
    tmp_path: Path, generation: str, more: int, old: list[str], new: list[str]
) -> None:
    months = ["202602", "202603", "202605", "202608", "202609", "202610"]
    counted = [f"{month} | a | cases | 5" for month in months]
    with village(tmp_path, generation) as post:
        tracker(post, "\n".join(["month | clinic | what | number", *counted]))
        post.configure(periods={"explicit": months})
        the_form(post)["openPeriodsAfterCoEndDate"] = more
        split_by_sex(post, startDate="2026-03-10T00:00:00.000", endDate="2026-08-15T00:00:00.000")

        night = post.night()

        assert night.loaded.is_whole
        stored = [key for key, value in post.world.values.items() if not value.deleted]
        assert sorted(key.period for key in stored) == (old if generation == "2.42" else new)
        assert {key.attribute_option_combo for key in stored} == {"cocBoys0001"}
        held = planned(night.work).filter(action="hold")
        assert set(held["reason_id"]) == {"option_out_of_date"}
        assert held.height == len(months) - len(stored)


@GENERATIONS
def test_an_option_that_is_meant_for_others_shuts_its_cells(
    tmp_path: Path, generation: str
) -> None:
    with village(tmp_path, generation) as post:
        tracker(post, COUNTS)
        split_by_sex(post, organisationUnits=[{"id": CLINICS["a"]}])

        night = post.night()

        told = planned(night.work).select("period", "org_unit", "reason_id")
        assert told.sort("period", "org_unit").rows() == [
            ("202609", CLINICS["a"], "new"),
            ("202610", CLINICS["a"], "new"),
            ("202610", CLINICS["b"], "option_not_here"),
        ]
        assert night.loaded.is_whole


@GENERATIONS
def test_part_of_a_day_is_a_day_more_on_old_servers_and_none_on_new_ones(
    tmp_path: Path, generation: str
) -> None:
    with village(tmp_path, generation) as post:
        tracker(post, COUNTS)
        expire(post, 19.5)  # October: until noon of the 20th; whole days: until its first moment

        night = post.night()

        told = ("202610", "b", "cases", "7") in form(post)
        assert told == (generation == "2.42")
        assert night.loaded.is_whole


@GENERATIONS
def test_a_lock_exception_opens_the_door_of_one_site_and_period(
    tmp_path: Path, generation: str
) -> None:
    with village(tmp_path, generation) as post:
        tracker(post, COUNTS)
        expire(post, 1.0)
        post.world.lock_exceptions.add((DATA_SET, "202609", CLINICS["a"]))

        night = post.night()

        assert form(post) == [("202609", "a", "cases", "5")]
        assert night.loaded.is_whole


@GENERATIONS
def test_where_lock_exceptions_are_not_told_what_is_locked_stays_on_hold(
    tmp_path: Path, generation: str
) -> None:
    with village(tmp_path, generation) as post:
        tracker(post, COUNTS)
        expire(post, 1.0)
        post.world.lock_exceptions.add((DATA_SET, "202609", CLINICS["a"]))
        post.sandbox.faults.append(first(9, "/api/lockExceptions", _saying(403, {})))

        night = post.night()

        assert night.actions == {"hold": 3}


def _saying(status: int, told: dict[str, str]) -> Fault:
    async def strike(_request: Request, _ask: Ask) -> Answer:
        return Answer(status, [(b"content-type", b"application/json")], json.dumps(told).encode())

    return strike


@GENERATIONS
def test_input_periods_are_open_by_their_dates_except_where_the_server_reads_them_backwards(
    tmp_path: Path, generation: str
) -> None:
    with village(tmp_path, generation) as post:
        tracker(post, COUNTS)
        windows(post, openingDate="2026-11-01T00:00:00.000", closingDate="2026-11-30T00:00:00.000")

        night = post.night()

        held = in_words(planned(night.work), "action", "reason_id")
        assert held[0] == ("202609", "a", "cases", "hold", "no_input_period")
        october = {"2.42": ("create", "new"), "2.43": ("hold", "input_inverted")}[generation]
        assert held[1:] == [
            ("202610", "a", "cases", *october),
            ("202610", "b", "cases", *october),
        ]
        assert night.loaded.is_whole


@GENERATIONS
def test_only_forms_that_would_be_written_are_asked_for_their_approval(
    tmp_path: Path, generation: str
) -> None:
    with village(tmp_path, generation) as post:
        tracker(post, COUNTS)
        typed(post, "month | clinic | what | number\n 202610 | b | cases | 7")
        approve(post, "a", "202609")

        night = post.night()

        asked = [line.query for line in post.sandbox.requests if line.path == "/api/dataApprovals"]
        assert len(asked) == 2
        assert all(f"ou={CLINICS['a']}" in query for query in asked)
        assert night.actions == {"keep": 1, "create": 1, "hold": 1}
        assert post.world.values[key_of("202610", "b", "cases")].stored_by == "clerk"


@pytest.mark.parametrize(
    ("status", "state", "reason"),
    [
        (403, "", "approval_not_read"),
        (200, "NEW", "approval_not_read"),
        (200, "APPROVED_ABOVE", "approved"),
        (200, "ACCEPTED_HERE", "approved"),
        (200, "UNAPPROVABLE", "new"),
        (200, "UNAPPROVED_ABOVE", "new"),
    ],
)
def test_an_approval_that_is_not_told_is_a_hold(
    tmp_path: Path, status: int, state: str, reason: str
) -> None:
    with village(tmp_path) as post:
        tracker(post, COUNTS)
        the_form(post)["workflow"] = {"id": "wfDistrict1"}
        post.sandbox.faults.append(
            first(99, "/api/dataApprovals", _saying(status, {"state": state}))
        )

        work, _ = post.plan()

        assert set(planned(work)["reason_id"]) == {reason}
