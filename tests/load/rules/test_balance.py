"""What was planned is what became of it, for every data element and period."""

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from pipeline.cells.key import KEY
from pipeline.load.rules.balance import balance, totals, unbalanced
from schemas.load import LoadPlan, NumberedOutcomes
from schemas.vocabulary import OUTCOMES
from tests.support.frames import frame
from tests.support.models import completed

COLUMNS = ("category_option_combo", "attribute_option_combo")
PLAN = completed(
    frame("""
    data_element | period | org_unit | action
    de_cases     | 202601 | ou_a     | create
    de_cases     | 202601 | ou_b     | hold
    de_cases     | 202602 | ou_a     | update
    de_cases     | 202602 | ou_b     | keep
    de_deaths    | 202601 | ou_a     | retract
    de_deaths    | 202601 | ou_b     | conflict
""").with_columns(pl.lit("default").alias(one) for one in COLUMNS),
    LoadPlan,
)
ENDED = completed(
    frame("""
    data_element | period | org_unit | outcome
    de_cases     | 202601 | ou_a     | loaded
    de_cases     | 202602 | ou_a     | drifted
    de_deaths    | 202601 | ou_a     | refused
""").with_columns(pl.lit("default").alias(one) for one in COLUMNS),
    NumberedOutcomes,
)


def counted(cells: pl.DataFrame, word: str) -> pl.DataFrame:
    return cells.group_by("data_element", "period", word).agg(cells=pl.len().cast(pl.Int64))


def lost(plan: pl.DataFrame, ended: pl.DataFrame) -> list[int]:
    written = plan.filter(pl.col("action").is_in(["create", "update", "retract"]))
    return unbalanced(written["cell"], ended["cell"]).to_list()


def test_writes_and_holds_are_counted_by_what_became_of_them() -> None:
    balanced = balance(counted(PLAN, "action"), counted(ENDED, "outcome"))

    assert lost(PLAN, ENDED) == []
    assert balanced.select("data_element", "period", "planned", *OUTCOMES).rows() == [
        ("de_cases", "202601", 2, 1, 0, 1, 0, 0),
        ("de_cases", "202602", 1, 0, 0, 0, 0, 1),
        ("de_deaths", "202601", 1, 0, 0, 0, 1, 0),
    ]
    assert totals(balanced) == {
        "loaded": 1,
        "unchanged": 0,
        "held": 1,
        "refused": 1,
        "drifted": 1,
    }


def test_a_cell_without_an_outcome_with_two_or_that_nobody_planned_is_found() -> None:
    silent, twice = ENDED[:2], pl.concat([ENDED, ENDED[:1]])
    elsewhere = ENDED[:1].with_columns(org_unit=pl.lit("ou_z")).drop("cell")
    uncalled = pl.concat([ENDED, completed(elsewhere, NumberedOutcomes)])

    assert lost(PLAN, silent) == ENDED["cell"][2:].to_list()
    assert lost(PLAN, twice) == ENDED["cell"][:1].to_list()
    assert lost(PLAN, uncalled) == uncalled["cell"][3:].to_list()


@given(st.lists(st.sampled_from(["create", "update", "retract", "hold", "keep"]), max_size=30))
def test_planned_is_loaded_unchanged_held_refused_and_drifted(actions: list[str]) -> None:
    cells = pl.DataFrame(
        [
            (f"de_{at % 3}", f"20260{at % 2 + 1}", f"ou_{at}", "coc", "aoc", action)
            for at, action in enumerate(actions)
        ],
        schema=dict.fromkeys([*KEY, "action"], pl.String),
        orient="row",
    )
    ended = ("loaded", "unchanged", "refused", "drifted")
    plan = completed(cells, LoadPlan)
    writes = plan.filter(pl.col("action").is_in(["create", "update", "retract"]))
    became = pl.Series([ended[at % 4] for at in range(writes.height)], dtype=pl.String)
    outcomes = completed(writes.with_columns(outcome=became), NumberedOutcomes)

    balanced = balance(counted(plan, "action"), counted(outcomes, "outcome"))

    assert lost(plan, outcomes) == []
    assert balanced.filter(pl.col("planned") != pl.sum_horizontal(OUTCOMES)).is_empty()
