"""A cell that may not be written now has its reason, the first that holds."""

from datetime import date, datetime, timedelta

import polars as pl
import pytest

from pipeline.cells.periods import parse_period
from pipeline.plan.rules import reasons
from pipeline.plan.rules.holds.forms import (
    FORM_CELL,
    FormCells,
    ServerClock,
    first_hold,
    judge_org_units,
    judge_periods,
    place_form_cells,
)
from tests.support.frames import frame

NOON = datetime(2026, 11, 20, 12)  # noqa: DTZ001  # a server's own clock has no zone
DATA_SETS = frame(
    """
    id       | period_type | expiry_days | open_future_periods | category_combo | workflow | write
    monthly  | Monthly     | 0           | 0                   | none           | -        | true
    twin     | Monthly     | 0           | 0                   | none           | -        | -
    approved | Monthly     | 0           | 0                   | none           | levels   | true
    foreign  | Monthly     | 0           | 0                   | none           | -        | false
    placed   | Monthly     | 0           | 0                   | place          |          | true
    """,
    expiry_days=pl.Float64,
    open_future_periods=pl.Int64,
).select(pl.exclude("write"), can_write=pl.col("write") == "true")
ELEMENTS = frame("""
    data_set | data_element | category_combo
    monthly  | cases        | sex
    monthly  | shared       | none
    twin     | shared       | none
    approved | deaths       | sex
    foreign  | births       | sex
    placed   | doses        | sex
""")
COMBOS = frame("""
    id      | category_combo
    default | none
    boys    | sex
    girls   | sex
    fixed   | place
""")
NOWHERE = pl.DataFrame(schema={"data_set": pl.String, "org_unit": pl.String})
WINDOW = {"data_set": pl.String, "period": pl.String}
WINDOW_DATES = {"opening_date": pl.Datetime, "closing_date": pl.Datetime}
ORG_UNITS = pl.DataFrame(
    {
        "id": ["country", "hill", "valley", "abroad"],
        "path": ["/country", "/country/hill", "/country/valley", "/abroad"],
        "opening_date": [None, date(2026, 9, 15), None, None],
        "closed_date": [None, None, date(2026, 9, 30), None],
    },
    schema_overrides={"opening_date": pl.Date, "closed_date": pl.Date},
)


def target(data_sets: pl.DataFrame = DATA_SETS, *windows: tuple[object, ...]) -> FormCells:
    input_periods = pl.DataFrame(list(windows), schema={**WINDOW, **WINDOW_DATES}, orient="row")
    return FormCells(data_sets, ELEMENTS, COMBOS, NOWHERE, input_periods, ORG_UNITS)


def test_a_form_cell_has_its_place_or_the_reason_why_it_has_none() -> None:
    cells = frame("""
        data_element | category_option_combo | attribute_option_combo | data_set | place    | hold
        cases        | boys                  | default                |          | monthly  | -
        shared       | default               | default                | twin     | twin     | -
        shared       | default               | default                |          | monthly  | -
        doses        | girls                 | fixed                  |          | placed   | -
        strange      | boys                  | default                |          | -        | element_not_in_data_set
        cases        | boys                  | default                | twin     | twin     | element_not_in_data_set
        cases        | boys                  | default                | unread   | unread   | element_not_in_data_set
        cases        | default               | default                |          | monthly  | combo_not_in_element
        cases        | gone                  | default                |          | monthly  | combo_not_in_element
        cases        | boys                  | fixed                  |          | monthly  | attribute_combo_not_in_data_set
        doses        | girls                 | default                |          | placed   | attribute_combo_not_in_data_set
        births       | boys                  | default                |          | foreign  | no_write_access
        deaths       | boys                  | default                |          | approved | -
    """)  # noqa: E501  # a table is read in columns

    placed = place_form_cells(cells.select(*FORM_CELL, "data_set"), target())

    assert placed.columns == [*FORM_CELL, "data_set", "form_hold"]
    assert placed["data_set"].to_list() == cells["place"].to_list()
    assert placed["form_hold"].to_list() == cells["hold"].to_list()


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
    rules = target(one_data_set(**changes))
    clock = ServerClock(now, may_edit_expired=may_edit, cuts_days=cuts_days)
    judged = judge_periods([parse_period(period)], rules, clock)
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
    windows = [
        ("monthly", "202608", None, None),
        ("monthly", "202609", opening, closing),
        ("monthly", "202607", datetime(2026, 11, 21), None),  # noqa: DTZ001  # as above
        ("monthly", "202606", None, datetime(2026, 11, 19)),  # noqa: DTZ001  # as above
    ]
    rules = target(DATA_SETS.head(2), *windows)
    periods = [parse_period(f"20260{month}") for month in range(5, 10)]

    judged = judge_periods(periods, rules, ServerClock(NOON))
    inverted = judge_periods(periods, rules, ServerClock(NOON, inverts_windows=True))

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
    rules = target(
        one_data_set(expiry_days=10.0),
        ("monthly", "202608", None, None),
        ("monthly", "202607", None, datetime(2026, 11, 19)),  # noqa: DTZ001  # as above
    )
    periods = [parse_period(one) for one in ("202607", "202608", "202611")]

    judged = judge_periods(periods, rules, ServerClock(NOON))

    assert judged.select("period", "period_hold", "unlocked_hold").rows() == [
        ("202607", "expired", "input_closed"),
        ("202608", "expired", None),
        ("202611", "future", "future"),
    ]


def test_org_units_beside_the_accounts_tree_are_outside() -> None:
    judged = judge_org_units(ORG_UNITS, ["hill"])
    nobody = judge_org_units(ORG_UNITS, [])

    assert dict(judged.select("org_unit", "path_hold").rows()) == {
        "country": "outside_capture",
        "hill": None,
        "valley": "outside_capture",
        "abroad": "outside_capture",
    }
    assert judge_org_units(ORG_UNITS, ["country"])["path_hold"].null_count() == 3
    assert nobody["path_hold"].null_count() == 0


DATES = {"opening_date": pl.Date, "closed_date": pl.Date}
START, END = date(2026, 10, 1), date(2026, 10, 31)
EVERYTHING = {
    "form_hold": "form",
    "assigned": False,
    "path_hold": "path",
    "closed_date": date(2026, 9, 30),
    "opening_date": date(2026, 11, 1),
    "option_hold": "option",
    "period_hold": "period",
}
NOTHING = {
    "form_hold": None,
    "assigned": True,
    "path_hold": None,
    "closed_date": START,
    "opening_date": END,
    "option_hold": None,
    "period_hold": None,
    "unlocked_hold": None,
    "lock_exception": False,
}


def first_of(**cell: object) -> str | None:
    row = pl.DataFrame(
        [NOTHING | cell],
        schema_overrides={
            **DATES,
            "form_hold": pl.String,
            "path_hold": pl.String,
            "option_hold": pl.String,
            "period_hold": pl.String,
            "unlocked_hold": pl.String,
        },
    )
    hold = row.select(first_hold(pl.col("assigned"), pl.lit(START), pl.lit(END))).item()
    assert hold is None or isinstance(hold, str)
    return hold


def test_the_first_reason_is_told() -> None:
    left = dict(EVERYTHING)
    told = []
    for member in EVERYTHING:
        told.append(first_of(**left))
        del left[member]

    order = ["form", "not_assigned", "path", "closed", "not_open_yet", "option", "period"]
    assert told == order
    assert first_of() is None


def test_where_a_lock_is_opened_what_else_shuts_is_told() -> None:
    locked = {"period_hold": "expired", "lock_exception": True}

    assert first_of(**locked) is None
    assert first_of(**locked, unlocked_hold="input_closed") == "input_closed"


@pytest.mark.parametrize(
    ("member", "day", "hold"),
    [
        ("closed_date", date(2026, 9, 30), "closed"),
        ("closed_date", date(2026, 10, 1), None),
        ("opening_date", date(2026, 10, 31), None),
        ("opening_date", date(2026, 11, 1), "not_open_yet"),
    ],
)
def test_an_org_unit_that_is_open_for_one_day_of_a_period_is_open(
    member: str, day: date, hold: str | None
) -> None:
    assert first_of(**{member: day}) == hold


def test_every_reason_has_its_sentence() -> None:
    named = {
        value for name, value in vars(reasons).items() if name.isupper() and isinstance(value, str)
    }

    assert named == set(reasons.SENTENCES)
    assert all(len(sentence) > 15 for sentence in reasons.SENTENCES.values())
