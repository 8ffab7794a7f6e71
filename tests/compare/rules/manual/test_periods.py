"""A period is read only where there is no doubt what was meant."""

import pytest

from pipeline.compare.rules.manual.periods import _MONTHS, MONTH_OF, read_period


@pytest.mark.parametrize(
    "text",
    [
        *("202610", " 202610 ", "2026-10", "2026/10", "2026 10", "10/2026", "10-2026", "2026M10"),
        *("Oct 2026", "October 2026", "2026 October", "oct. 2026", "OCTOBER, 2026", "octobre 2026"),
        *("outubro de 2026", "octubre 2026", "Out 2026", "2026-10-01", "20261001", "2026/10/01"),
        *("2026-10-01T00:00:00.000", "2026-10-01 00:00:00"),
    ],
)
def test_a_month_may_be_spelled_in_many_ways(text: str) -> None:
    assert read_period(text, "Monthly") == "202610"


@pytest.mark.parametrize(
    ("text", "period_type", "period"),
    [
        ("2026-1", "Monthly", "202601"),
        ("août 2026", "Monthly", "202608"),
        ("févr. 2026", "Monthly", "202602"),
        ("2026Q4", "Quarterly", "2026Q4"),
        ("Q4 2026", "Quarterly", "2026Q4"),
        ("2026-T4", "Quarterly", "2026Q4"),
        ("2026-10-01", "Quarterly", "2026Q4"),
        ("2026-W05", "Weekly", "2026W5"),
        ("2026-01-26", "Weekly", "2026W5"),
        ("2026", "Yearly", "2026"),
        ("2026-01-01", "Yearly", "2026"),
        ("20261015", "Daily", "20261015"),
        ("2026-10-15", "Daily", "20261015"),
    ],
)
def test_a_period_of_another_type_may_too(text: str, period_type: str, period: str) -> None:
    assert read_period(text, period_type) == period


@pytest.mark.parametrize(
    "text",
    [
        *("", "Total", "10", "2026", "Oct", "Oct-26", "26-Oct", "10/26", "2026-13", "2026-00"),
        *("2026-10-15", "2026-10-31", "01/10/2026", "10/01/2026", "2026.1", "2026.10", "2026Q4"),
        *("Oct Nov 2026", "Oct 2026 2027", "Week Oct 2026", "jui 2026", "2026-02-30", "2026101"),
    ],
)
def test_a_month_that_may_be_another_is_not_read(text: str) -> None:
    assert read_period(text, "Monthly") is None


def test_no_name_of_a_month_is_the_beginning_of_another_months() -> None:
    doubtful = {
        name[:length]
        for number, names in enumerate(_MONTHS, start=1)
        for name in names
        for length in range(3, len(name) + 1)
        if MONTH_OF.get(name[:length]) != number
    }

    assert doubtful == {"jui"}
