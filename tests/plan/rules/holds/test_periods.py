"""A period is open for a data set, or has the reason why it is shut, by the server's clock."""

from datetime import datetime, timedelta

import polars as pl
import pytest

from pipeline.cells.periods import parse_period
from pipeline.plan.rules.holds.periods import ServerClock, judge_periods
from tests.support.frames import frame

NOON = datetime(2026, 11, 20, 12)  # noqa: DTZ001  # a server's own clock has no zone
DATA_SETS = frame(
    """
    id      | period_type | expiry_days | open_future_periods
    monthly | Monthly     | 0           | 0
    twin    | Monthly     | 0           | 0
    """,
    expiry_days=pl.Float64(),
    open_future_periods=pl.Int64(),
)
WINDOW = {"data_set": pl.String, "period": pl.String}
WINDOW_DATES = {"opening_date": pl.Datetime, "closing_date": pl.Datetime}


def windows(*rows: tuple[object, ...]) -> pl.DataFrame:
    """Give input periods: data set, period, the moments of opening and closing."""
    return pl.DataFrame(list(rows), schema={**WINDOW, **WINDOW_DATES}, orient="row")


def one_data_set(**changes: object) -> pl.DataFrame:
    return DATA_SETS.head(1).with_columns(
        pl.lit(value).alias(name) for name, value in changes.items()
    )


def hold_of(
    period: str,
    now: datetime = NOON,
    *,
    may_edit: bool = False,
    cuts_days: bool = False,
    **changes: object,
) -> str | None:
    clock = ServerClock(now, may_edit_expired=may_edit, cuts_days=cuts_days)
    judged = judge_periods([parse_period(period)], one_data_set(**changes), windows(), clock)
    hold = judged["period_hold"].item()
    assert hold is None or isinstance(hold, str)
    return hold


@pytest.mark.parametrize(
    ("future", "period", "hold"),
    [
        (0, "202610", None),
        (0, "202611", "future"),
        (1, "202611", None),
        (1, "202612", "future"),
        (3, "202701", None),
        (3, "202702", "future"),
    ],
)
def test_a_period_opens_so_many_ahead(future: int, period: str, hold: str | None) -> None:
    assert hold_of(period, open_future_periods=future) == hold


@pytest.mark.parametrize(
    ("now", "hold"),
    [
        (datetime(2026, 11, 10, 23, 59, 59), None),  # noqa: DTZ001  # as above
        (datetime(2026, 11, 11), "expired"),  # noqa: DTZ001  # as above
        (datetime(2027, 11, 11), "expired"),  # noqa: DTZ001  # as above
    ],
)
def test_a_period_closes_ten_days_and_one_after_its_end(now: datetime, hold: str | None) -> None:
    assert hold_of("202610", now, expiry_days=10.0) == hold


def test_half_a_day_counts_as_the_server_says() -> None:
    evening = datetime(2026, 11, 11, 11)  # noqa: DTZ001  # as above

    assert hold_of("202610", evening, expiry_days=10.5) is None
    assert hold_of("202610", evening.replace(hour=12), expiry_days=10.5) == "expired"


def test_the_new_import_counts_whole_days_only() -> None:
    last_hour = datetime(2026, 11, 10, 23)  # noqa: DTZ001  # as above
    midnight = last_hour + timedelta(hours=1)

    assert hold_of("202610", last_hour, expiry_days=10.5, cuts_days=True) is None
    assert hold_of("202610", midnight, expiry_days=10.5, cuts_days=True) == "expired"
    assert hold_of("202610", midnight, expiry_days=0.5, cuts_days=True) == "expired"


def test_no_expiry_days_never_close_and_some_accounts_pass_the_lock() -> None:
    assert hold_of("201901", expiry_days=0.0) is None
    assert hold_of("201901", expiry_days=10.0) == "expired"
    assert hold_of("201901", expiry_days=10.0, may_edit=True) is None


def test_another_period_type_is_no_period_of_the_data_set() -> None:
    assert hold_of("2026Q3") == "wrong_period_type"
    assert hold_of("2026W40", period_type="Weekly") is None


def test_input_periods_are_the_only_ones_where_there_are_any() -> None:
    opening, closing = datetime(2026, 11, 1), datetime(2026, 11, 20, 12)  # noqa: DTZ001  # as above
    input_periods = windows(
        ("monthly", "202608", None, None),
        ("monthly", "202609", opening, closing),
        ("monthly", "202607", datetime(2026, 11, 21), None),  # noqa: DTZ001  # as above
        ("monthly", "202606", None, datetime(2026, 11, 19)),  # noqa: DTZ001  # as above
    )
    periods = [parse_period(f"20260{month}") for month in range(5, 10)]

    judged = judge_periods(periods, DATA_SETS, input_periods, ServerClock(NOON))
    inverted = judge_periods(
        periods, DATA_SETS, input_periods, ServerClock(NOON, inverts_windows=True)
    )

    shut = {
        "202605": "no_input_period",
        "202606": "input_closed",
        "202607": "input_not_open_yet",
    }
    assert holds_of(judged, "monthly") == {**shut, "202608": None, "202609": None}
    open_by_its_dates = dict.fromkeys(["202608", "202609"], "input_inverted")
    assert holds_of(inverted, "monthly") == {**shut, **open_by_its_dates}
    assert judged.filter(pl.col("data_set") == "twin")["period_hold"].null_count() == 5


def holds_of(judged: pl.DataFrame, data_set: str) -> dict[str, str | None]:
    return dict(
        judged.filter(pl.col("data_set") == data_set).select("period", "period_hold").rows()
    )


def test_a_lock_exception_opens_the_lock_and_nothing_else() -> None:
    input_periods = windows(
        ("monthly", "202608", None, None),
        ("monthly", "202607", None, datetime(2026, 11, 19)),  # noqa: DTZ001  # as above
    )
    periods = [parse_period(one) for one in ("202607", "202608", "202611")]

    data_sets = one_data_set(expiry_days=10.0)
    judged = judge_periods(periods, data_sets, input_periods, ServerClock(NOON))

    assert judged.select("period", "period_hold", "unlocked_hold").rows() == [
        ("202607", "expired", "input_closed"),
        ("202608", "expired", None),
        ("202611", "future", "future"),
    ]
