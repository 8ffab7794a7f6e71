"""A plan is told in counts and names, and whatever a place is called stays in its cell."""

import json
import re

import polars as pl
import pytest

from pipeline.plan.rules.reasons import NEW, NOT_OURS, SENTENCES, VANISHED
from pipeline.report.plan import STRIKING, PlanSummary, markdown_table, plan_as_markdown, summarise
from schemas.vocabulary import ACTIONS
from tests.support.frames import frame
from tests.support.hostile import HOSTILE

PLAN = """
    action   | data_element | org_unit | period | current_value | tracker_value | reason_id
    create   | cases        | hill     | 202401 | -             | 5             | new
    create   | cases        | hill     | 202402 | -             | 6             | new
    update   | cases        | valley   | 202401 | 7             | 9.5           | changed
    retract  | cases        | valley   | 202402 | 20            | -             | vanished
    conflict | deaths       | hill     | 202401 | 4             | 5             | not_ours
    conflict | deaths       | hill     | 202402 | many          | 3             | not_ours
    keep     | deaths       | valley   | 202401 | 1             | 1             | same
"""
NAMES = {
    "data_set": {"monthly": "Monthly report"},
    "data_element": {"cases": "Fever cases", "deaths": "Deaths"},
    "org_unit": {"hill": "Hill clinic"},
    "category_option_combo": {"boys": "Boys"},
}
NO_REJECTS = pl.DataFrame(schema={"rule_id": pl.String, "reason": pl.String})
ALARM = {"guard": "retractions", "saw": "501 would go", "usual": "at most 500"}


def cells(table: str = PLAN) -> pl.DataFrame:
    return frame(table, tracker_value=pl.Float64()).with_columns(
        pl.lit("monthly").alias("data_set"),
        pl.lit("boys").alias("category_option_combo"),
        pl.col("reason_id").replace(SENTENCES).alias("reason"),
        *(
            pl.lit(None, pl.String).alias(column)
            for column in ("decision", "decided_in", "decided_by", "decided_why")
        ),
    )


def summary(
    plan: pl.DataFrame | None = None, names: dict[str, dict[str, str]] | None = None
) -> PlanSummary:
    return summarise(
        "run",
        cells() if plan is None else plan,
        NAMES if names is None else names,
        alarms=[],
        rejects=NO_REJECTS,
    )


def test_cells_are_counted_by_action_data_set_period_and_reason() -> None:
    told = summary()

    assert told.actions.rows() == [
        ("keep", 1),
        ("create", 2),
        ("update", 1),
        ("retract", 1),
        ("conflict", 2),
    ]
    assert told.writes == 4
    assert told.data_sets.to_dicts() == [
        {"data_set": "Monthly report", "keep": 1, "create": 2, "update": 1, "retract": 1}
        | {"conflict": 2}
    ]
    assert told.periods["period"].to_list() == ["202401", "202402"]
    assert told.periods["create"].to_list() == [1, 1]
    assert told.reasons.rows() == [
        ("conflict", SENTENCES[NOT_OURS], 2),
        ("retract", SENTENCES[VANISHED], 1),
    ]
    assert SENTENCES[NEW] not in told.reasons["reason"]


def test_two_data_sets_of_one_name_are_counted_apart() -> None:
    twice = pl.concat([cells(), cells().with_columns(data_set=pl.lit("paper"))])
    names = {**NAMES, "data_set": {"monthly": "Report", "paper": "Report"}}

    told = summary(twice, names).data_sets

    assert told["data_set"].to_list() == ["Report (monthly)", "Report (paper)"]
    assert told["create"].to_list() == [2, 2]


def test_two_clinics_of_one_name_are_told_with_their_ids() -> None:
    names = {**NAMES, "org_unit": {"hill": "Clinic", "valley": "Clinic"}}

    clinics = summary(names=names).striking["org_unit"]

    assert clinics.to_list() == [
        *("Clinic (valley)", "Clinic (hill)", "Clinic (valley)", "Clinic (hill)")
    ]


def test_counts_are_told_with_a_space_between_thousands() -> None:
    many = pl.concat([cells().head(1)] * 1234)
    told = summary(many)

    text = plan_as_markdown(told)

    assert "would write **1\u202f234** values" in text
    assert "| create | 1\u202f234 | will be written" in text
    assert "| 202401 | 1\u202f234 |" in text
    assert told.as_record()["actions"] == {"create": 1234}


def test_the_largest_changes_come_first_with_names() -> None:
    striking = summary().striking

    assert striking.select("action", "data_element", "org_unit", "target", "tracker").rows() == [
        ("retract", "Fever cases", "valley", "20", "-"),
        ("conflict", "Deaths", "Hill clinic", "many", "3"),
        ("update", "Fever cases", "valley", "7", "9.5"),
        ("conflict", "Deaths", "Hill clinic", "4", "5"),
    ]


def test_only_a_screenful_of_changes_is_told_and_they_are_the_largest() -> None:
    many = pl.concat([cells()] * 10)

    striking = summary(many).striking

    assert striking["action"].to_list() == ["retract"] * 10 + ["conflict"] * (STRIKING - 10)
    assert set(striking["target"]) == {"20", "many"}


def test_an_empty_plan_says_so() -> None:
    text = plan_as_markdown(summary(cells().clear()))

    assert "A load would write **0** values." in text
    assert "striking" not in text


def test_rejects_are_counted_by_rule() -> None:
    rejects = frame("""
        rule_id | reason
        R09     | value is not a number
        R01     | program indicator not in mapping
        R09     | value is not a number
    """)

    told = summarise("run", cells(), NAMES, alarms=[], rejects=rejects)

    assert told.rejects.rows() == [
        ("R01", "program indicator not in mapping", 1),
        ("R09", "value is not a number", 2),
    ]
    assert "Rows of tracker that became no value" in plan_as_markdown(told)


def test_a_guard_is_told_before_all_else_with_what_to_type() -> None:
    told = summarise("run", cells(), NAMES, alarms=[ALARM], rejects=NO_REJECTS)
    text = plan_as_markdown(told)

    assert "stopped by a guard" in text
    assert text.index("501 would go") < text.index("What would happen")
    assert "--allow retractions --reason" in text


def test_every_action_has_its_meaning() -> None:
    plan = pl.concat([cells().head(1).with_columns(action=pl.lit(one)) for one in ACTIONS])

    text = plan_as_markdown(summary(plan))

    for action in ACTIONS:
        assert re.search(rf"^\| {action} \| 1 \| \S.+ \|$", text, re.MULTILINE), action


@pytest.mark.parametrize("name", HOSTILE, ids=lambda name: repr(name[:12]))
def test_a_hostile_name_stays_in_its_cell(name: str) -> None:
    names = {
        "data_set": {"monthly": name},
        "data_element": {"cases": name, "deaths": name},
        "org_unit": {"hill": name, "valley": name},
        "category_option_combo": {"boys": name},
    }

    plain, hostile = plan_as_markdown(summary()), plan_as_markdown(summary(names=names))

    assert len(hostile.splitlines()) == len(plain.splitlines())
    columns = [len(re.findall(r"(?<!\\)\|", line)) for line in plain.splitlines()]
    assert [len(re.findall(r"(?<!\\)\|", line)) for line in hostile.splitlines()] == columns
    assert not re.search(r"(?<!\\)<", hostile)
    assert max(map(len, hostile.splitlines())) < 1_000


def test_data_sets_that_share_a_name_are_counted_together_and_none_is_lost() -> None:
    plan = pl.concat([cells(), cells().with_columns(data_set=pl.lit("twin"))])
    names = NAMES | {"data_set": {"monthly": "Report", "twin": "Report"}}

    told = summary(plan, names)

    assert told.data_sets.select(pl.sum_horizontal(pl.exclude("data_set"))).sum().item() == 14


def test_the_order_of_the_plan_changes_nothing() -> None:
    shuffled = cells().sample(fraction=1, shuffle=True, seed=7)

    assert plan_as_markdown(summary(shuffled)) == plan_as_markdown(summary())


def test_a_script_gets_the_same_counts_as_json() -> None:
    told = json.loads(json.dumps(summary().as_record()))

    assert told["run"] == "run"
    assert told["writes"] == 4
    assert told["actions"]["create"] == 2


def test_a_table_has_its_numbers_to_the_right_and_nothing_for_a_null() -> None:
    table = pl.DataFrame({"data_set": ["a|b", None], "cells": [1, 2]})

    assert markdown_table(table) == [
        "| data set | cells |",
        "| --- | ---: |",
        "| a\\|b | 1 |",
        "|  | 2 |",
    ]


def test_a_sentence_is_told_whole_and_a_long_name_is_cut() -> None:
    long = "x" * 120

    row = markdown_table(pl.DataFrame({"data_element": [long], "reason": [long]}))[-1]

    assert row == f"| {long[:79]}… | {long} |"
