"""Numbers that fall after option filters were edited are a guard; others are not."""

import polars as pl
import pytest

from pipeline.plan.rules.option_filters import changed_filters, filter_alarms
from tests.support.frames import frame

MAPPING = frame("""
    program_indicator | data_element | category_option_combo | attribute_option_combo
    piBySex           | deBySex      | girls                 | default
    piBySex           | deBySex      | boys                  | default
    piCases           | deCases      | default               | default
""")


def plan(table: str) -> pl.DataFrame:
    numbers = pl.col("tracker_value", "ledger_value").cast(pl.Float64)
    return frame(table).with_columns(numbers, attribute_option_combo=pl.lit("default"))


def test_filters_are_changed_where_the_last_load_had_others() -> None:
    now = {"piBySex": "b", "piByAge": "c", "piNew": "d"}

    assert changed_filters({"piBySex": "a", "piByAge": "c", "piGone": "e"}, now) == ["piBySex"]


@pytest.mark.parametrize(
    ("action", "tracker_value", "ledger_value", "alarms"),
    [
        ("update", "1", "4", 1),
        ("retract", "-", "4", 1),
        ("update", "5", "4", 0),
        ("create", "5", "-", 0),
        ("hold", "1", "4", 0),
    ],
)
def test_only_a_number_that_would_fall_is_an_alarm(
    action: str, tracker_value: str, ledger_value: str, alarms: int
) -> None:
    cells = plan(f"""
        data_element | category_option_combo | action   | tracker_value   | ledger_value
        deBySex      | girls                 | {action} | {tracker_value} | {ledger_value}
        deCases      | default               | update   | 1               | 9
    """)

    assert len(filter_alarms(cells, MAPPING, ["piBySex"], {})) == alarms


def test_an_alarm_names_the_indicator_and_counts_its_numbers() -> None:
    cells = plan("""
        data_element | category_option_combo | action  | tracker_value | ledger_value
        deBySex      | girls                 | update  | 1             | 4
        deBySex      | boys                  | retract | -             | 2
    """)

    (alarm,) = filter_alarms(cells, MAPPING, ["piBySex"], {"piBySex": "Cases by sex"})

    assert alarm.guard == "option-filters"
    assert alarm.saw == (
        "the option filters of Cases by sex were edited since the last load, "
        "and 2 numbers that they fill would fall"
    )
