"""Periods have DHIS2's own ids, cut the calendar without gaps, and refuse what is none.

`periods_of_dhis2.csv` was made once with the npm package @dhis2/multi-calendar-dates 2.1.2
(generateFixedPeriods, gregory, years 2018-2028; of days and weeks only some). Types whose ids or
years differ between that package and the servers are left out and checked by hand below:
QuarterlyNov, SixMonthlyNov, FinancialNov. It also has no 27th bi-week; the servers do.
"""

import csv
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.cells.periods import (
    PERIOD_TYPES,
    Period,
    following,
    last_periods,
    parse_period,
    period_of,
    periods_between,
    previous,
)
from pipeline.text.errors import UsageError

BY_HAND = """
    Daily           | 20240229    | 2024-02-29 | 2024-02-29
    Weekly          | 2024W5      | 2024-01-29 | 2024-02-04
    Weekly          | 2020W53     | 2020-12-28 | 2021-01-03
    Weekly          | 2021W1      | 2021-01-04 | 2021-01-10
    WeeklyWednesday | 2024WedW1   | 2024-01-03 | 2024-01-09
    WeeklyThursday  | 2024ThuW1   | 2024-01-04 | 2024-01-10
    WeeklyFriday    | 2024FriW1   | 2023-12-29 | 2024-01-04
    WeeklySaturday  | 2024SatW1   | 2023-12-30 | 2024-01-05
    WeeklySunday    | 2024SunW1   | 2023-12-31 | 2024-01-06
    BiWeekly        | 2024BiW2    | 2024-01-15 | 2024-01-28
    BiWeekly        | 2020BiW27   | 2020-12-28 | 2021-01-10
    Monthly         | 202402      | 2024-02-01 | 2024-02-29
    BiMonthly       | 202406B     | 2024-11-01 | 2024-12-31
    Quarterly       | 2024Q4      | 2024-10-01 | 2024-12-31
    QuarterlyNov    | 2024NovQ1   | 2023-11-01 | 2024-01-31
    QuarterlyNov    | 2024NovQ2   | 2024-02-01 | 2024-04-30
    QuarterlyNov    | 2024NovQ4   | 2024-08-01 | 2024-10-31
    SixMonthly      | 2024S2      | 2024-07-01 | 2024-12-31
    SixMonthlyApril | 2024AprilS2 | 2024-10-01 | 2025-03-31
    SixMonthlyNov   | 2024NovS1   | 2023-11-01 | 2024-04-30
    SixMonthlyNov   | 2024NovS2   | 2024-05-01 | 2024-10-31
    Yearly          | 2024        | 2024-01-01 | 2024-12-31
    FinancialApril  | 2024April   | 2024-04-01 | 2025-03-31
    FinancialJuly   | 2024July    | 2024-07-01 | 2025-06-30
    FinancialOct    | 2024Oct     | 2024-10-01 | 2025-09-30
    FinancialSep    | 2024Sep     | 2024-09-01 | 2025-08-31
    FinancialFeb    | 2024Feb     | 2024-02-01 | 2025-01-31
    FinancialAug    | 2024Aug     | 2024-08-01 | 2025-07-31
    FinancialNov    | 2024Nov     | 2023-11-01 | 2024-10-31
"""
GOLDEN = Path(__file__).with_name("periods_of_dhis2.csv")
TWENTY_SEVENTH_BIWEEK = "BiW27"

period_types = st.sampled_from(PERIOD_TYPES)
days = st.dates(min_value=date(1901, 1, 1), max_value=date(2198, 12, 31))


def period(period_type: str, name: str, start: str, end: str) -> Period:
    return Period(name, period_type, date.fromisoformat(start), date.fromisoformat(end))


def ids(periods: list[Period]) -> list[str]:
    return [each.id for each in periods]


def test_every_type_of_the_contract_has_its_ids_and_days() -> None:
    rows = [[cell.strip() for cell in line.split("|")] for line in BY_HAND.strip().splitlines()]

    assert [parse_period(row[1]) for row in rows] == [period(*row) for row in rows]
    assert {row[0] for row in rows} == set(PERIOD_TYPES)


def test_ids_and_days_are_those_of_the_official_package() -> None:
    with GOLDEN.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))

    expected = [period(row["type"], row["id"], row["start"], row["end"]) for row in rows]

    assert len(expected) > 600
    assert [parse_period(row["id"]) for row in rows] == expected
    assert [period_of(each.type, each.start) for each in expected] == expected
    assert [period_of(each.type, each.end) for each in expected] == expected


@given(period_types, days)
def test_a_day_lies_in_its_period_whose_id_reads_back(period_type: str, day: date) -> None:
    found = period_of(period_type, day)

    assert found.start <= day <= found.end
    assert parse_period(found.id) == found
    assert period_of(period_type, found.start) == found


@given(period_types, days)
def test_periods_follow_each_other_without_gap_or_overlap(period_type: str, day: date) -> None:
    found = period_of(period_type, day)
    after = following(found)

    if found.id.endswith(TWENTY_SEVENTH_BIWEEK):
        assert after.start == found.end - timedelta(days=6)
    else:
        assert after.start == found.end + timedelta(days=1)
    assert previous(after) == found
    assert found < after


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("202413", "there is no such Monthly period in 2024"),
        ("202400", "there is no such Monthly period in 2024"),
        ("20240230", "there is no such Daily period in 2024"),
        ("2024W53", "there is no such Weekly period in 2024"),
        ("2024W0", "there is no such Weekly period in 2024"),
        ("2024BiW27", "there is no such BiWeekly period in 2024"),
        ("202407B", "there is no such BiMonthly period in 2024"),
        ("2024Q5", "there is no such Quarterly period in 2024"),
        ("2024NovS3", "there is no such SixMonthlyNov period in 2024"),
        ("0000", "there is no such Yearly period in 0"),
        ("9999", "there is no such Yearly period in 9999"),
        ("2024-01", "write 202401 (Monthly)"),
        (" 202401", "write 202401 (Monthly)"),
        ("2024W05", "write 2024W5 (Weekly)"),
        ("2024-W5", "write 2024W5 (Weekly)"),
        ("2024april", "write 2024April (FinancialApril)"),
        ("LAST_12_MONTHS", "for example 202401"),
        ("٢٠٢٤", "for example 202401"),
        ("", "for example 202401"),
        ("202401\n", "write 202401 (Monthly)"),
    ],
)
def test_what_is_no_period_is_refused_with_a_hint(text: str, hint: str) -> None:
    with pytest.raises(UsageError) as refusal:
        parse_period(text)

    assert hint in refusal.value.remedy


@given(st.text(max_size=12))
def test_any_text_is_a_period_or_a_refusal(text: str) -> None:
    try:
        assert parse_period(text).id == text
    except UsageError as refusal:
        assert refusal.remedy  # noqa: PT017  # either way out is good, and both are checked


def test_an_unknown_period_type_is_refused_with_the_list() -> None:
    with pytest.raises(UsageError, match="'Fortnightly' is not a period type") as refusal:
        period_of("Fortnightly", date(2024, 1, 1))

    assert "BiWeekly" in refusal.value.remedy


def test_the_last_periods_are_over_unless_the_current_is_asked_for() -> None:
    today = date(2024, 1, 31)

    assert ids(last_periods("Monthly", 3, today)) == ["202310", "202311", "202312"]
    assert ids(last_periods("Monthly", 2, today, include_current=True)) == ["202312", "202401"]
    assert ids(last_periods("BiWeekly", 1, date(2021, 1, 5))) == ["2020BiW26"]
    assert last_periods("Monthly", 0, today) == []


def test_a_range_of_periods_has_both_its_ends() -> None:
    between = periods_between(parse_period("2023Q3"), parse_period("2024Q1"))

    assert ids(between) == ["2023Q3", "2023Q4", "2024Q1"]


@pytest.mark.parametrize(
    ("first", "last", "complaint"),
    [
        ("202401", "2024Q1", "202401 is Monthly and 2024Q1 is Quarterly"),
        ("202402", "202401", "ends with 202401 before it begins with 202402"),
    ],
)
def test_a_range_that_cannot_be_walked_is_refused(first: str, last: str, complaint: str) -> None:
    with pytest.raises(UsageError, match=complaint):
        periods_between(parse_period(first), parse_period(last))
