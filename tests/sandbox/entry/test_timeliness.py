"""A cell may be entered until its data set expires, and not before its period is over."""

from datetime import UTC, datetime
from typing import Any

import pytest

from pipeline.cells.periods import parse_period
from sandbox.entry.context import Context
from sandbox.entry.timeliness import (
    ahead_of_time,
    closed,
    expired,
    last_open,
    locked,
    shut_by_input_periods,
)
from tests.sandbox.value_world import ADMIN, CLERK, small_world, table

OCTOBER = parse_period("202610")

EXPIRY = table("""
    days | now              | is
    0    | 2099-01-01T00:00 | open
    1    | 2026-11-02T00:00 | open
    1    | 2026-11-02T00:01 | expired
    1.5  | 2026-11-02T11:59 | open
    1.5  | 2026-11-02T12:01 | expired
""")


@pytest.mark.parametrize(("days", "now", "state"), EXPIRY)
def test_a_period_stays_open_for_some_days_after_its_end_and_zero_is_for_ever(
    days: str, now: str, state: str
) -> None:
    moment = datetime.fromisoformat(now).replace(tzinfo=UTC)

    assert expired(float(days), OCTOBER, moment) is (state == "expired")


def test_a_lock_is_lifted_by_an_exception_or_an_authority() -> None:
    world, november = small_world(), datetime(2026, 11, 23, tzinfo=UTC)
    data_set = {"id": "dsLocked001", "expiryDays": 1}
    clerk, admin = Context(world, CLERK, november), Context(world, ADMIN, november)

    assert locked(clerk, data_set, OCTOBER, "ouClinic001")
    assert not locked(admin, data_set, OCTOBER, "ouClinic001")

    world.lock_exceptions.add(("dsLocked001", "202610", "ouClinic001"))

    assert not locked(clerk, data_set, OCTOBER, "ouClinic001")
    assert locked(clerk, data_set, OCTOBER, "ouClinic002")


FUTURE = table("""
    type      | ahead | last
    Monthly   | 0     | 202610
    Monthly   | 1     | 202611
    Monthly   | 3     | 202701
    Quarterly | 0     | 2026Q3
    Yearly    | 0     | 2025
""")


@pytest.mark.parametrize(("kind", "ahead", "last"), FUTURE)
def test_the_last_open_period_is_the_one_just_over_and_as_many_more_as_the_data_set_says(
    kind: str, ahead: str, last: str
) -> None:
    data_set = {"periodType": kind, "openFuturePeriods": int(ahead)}
    today = datetime(2026, 11, 23, tzinfo=UTC).date()

    assert last_open(data_set, today).id == last
    assert not ahead_of_time(data_set, parse_period(last), today)


INPUT_PERIODS: list[tuple[dict[str, str], bool]] = [
    ({}, False),
    ({"openingDate": "2026-11-01"}, False),
    ({"openingDate": "2026-12-01"}, True),
    ({"closingDate": "2026-11-01"}, True),
    ({"openingDate": "2026-11-01", "closingDate": "2026-12-01"}, False),
]


@pytest.mark.parametrize(("dates", "shut"), INPUT_PERIODS)
def test_an_input_period_is_open_between_its_dates_and_2_43_0_reads_them_inverted(
    dates: dict[str, str], shut: bool
) -> None:
    now = datetime(2026, 11, 23, tzinfo=UTC)
    data_set: dict[str, Any] = {"dataInputPeriods": [{"period": {"id": "202610"}, **dates}]}

    assert shut_by_input_periods(data_set, OCTOBER, now, inverted=False) is shut
    assert shut_by_input_periods(data_set, OCTOBER, now, inverted=True) is not shut


def test_a_data_set_with_input_periods_is_shut_for_every_other_period() -> None:
    now = datetime(2026, 11, 23, tzinfo=UTC)
    data_set = {"dataInputPeriods": [{"period": {"id": "202609"}}]}

    assert shut_by_input_periods(data_set, OCTOBER, now, inverted=False)
    assert shut_by_input_periods(data_set, OCTOBER, now, inverted=True)
    assert not shut_by_input_periods({}, OCTOBER, now, inverted=False)


CLOSED = table("""
    opening    | closing    | is
    2026-10-31 |            | open
    2026-11-01 |            | closed
               | 2026-10-01 | open
               | 2026-09-30 | closed
""")


@pytest.mark.parametrize(("opening", "closing", "state"), CLOSED)
def test_an_org_unit_is_closed_for_periods_wholly_before_it_opened_or_after_it_closed(
    opening: str, closing: str, state: str
) -> None:
    unit = {"openingDate": opening, "closedDate": closing}

    assert closed(unit, OCTOBER) is (state == "closed")
