"""Metadata frames take what real servers have, and refuse what a run could not work with."""

from dataclasses import fields

import polars as pl
import pytest

from schemas.checking import failures
from schemas.frames import empty
from schemas.metadata import (
    CategoryOptionCombos,
    DataElements,
    DataSets,
    OrgUnitTree,
    TargetMetadata,
)
from tests.support.frames import frame
from tests.support.models import completed


def units(*paths: str) -> pl.DataFrame:
    told = pl.DataFrame({"path": [*paths]}).with_columns(
        id=pl.format("ouClinic{}", pl.int_range(pl.len()).cast(pl.String).str.zfill(3)),
        name=pl.lit("Clinic"),
        level=pl.lit(1),
    )
    return completed(told, OrgUnitTree)


def broken(rows: pl.DataFrame) -> list[tuple[int, str]]:
    return [(one.row, one.column) for one in failures(rows, OrgUnitTree)]


def test_an_org_unit_lies_below_ids_alone() -> None:
    assert broken(units("/ouVillage01/ouClinic000", "/12345678901", "")) == []
    assert broken(units("/ouVillage01", "ouVillage01", "/ouVillage01/", "/short")) == [
        *((1, "path"), (2, "path"), (3, "path")),
    ]


@pytest.mark.parametrize(
    ("column", "value"), [("id", "ouClinic00"), ("id", None), ("name", None), ("level", -1)]
)
def test_an_org_unit_needs_an_id_a_name_and_a_level(column: str, value: object) -> None:
    good = units("/ouVillage01", "/ouVillage02")
    bad = good.with_columns(
        pl.when(pl.int_range(pl.len()) == 1)
        .then(pl.lit(value, good.schema[column]))
        .otherwise(pl.col(column))
        .alias(column)
    )

    assert broken(good) == []
    assert broken(bad) == [(1, column)]


def test_an_id_stands_for_one_object() -> None:
    twice = units("/ouVillage01", "/ouVillage02").with_columns(id=pl.lit("ouClinic000"))

    assert {row for row, _ in broken(twice)} == {0, 1}


def test_an_element_may_have_no_code_and_no_options_but_has_a_type() -> None:
    told = frame("""
        id          | name  | value_type | category_combo | zero_is_significant
        deCases0001 | Cases | INTEGER    | ccDefault01    | true
        deDeaths001 | Dead  | NO TYPE    | ccDefault01    | true
    """).with_columns(zero_is_significant=True)

    found = failures(completed(told, DataElements), DataElements)
    assert [(one.row, one.column) for one in found] == [(1, "value_type")]


def test_what_is_told_of_a_plan_are_names_and_ids_where_there_are_none() -> None:
    frames = {one.name: pl.DataFrame() for one in fields(TargetMetadata)}
    named = pl.DataFrame(
        {"id": ["a", "b"], "name": ["A", None]}, dict.fromkeys(("id", "name"), pl.String)
    )
    whole = frames | {
        "data_sets": completed(named, DataSets),
        "data_elements": completed(named, DataElements),
        "org_units": completed(named, OrgUnitTree),
        "category_option_combos": empty(CategoryOptionCombos),
    }

    told = TargetMetadata(**{**whole, "default_option_combo": ""}).display_names

    assert told == {
        "data_set": {"a": "A", "b": "b"},
        "data_element": {"a": "A", "b": "b"},
        "org_unit": {"a": "A", "b": "b"},
        "category_option_combo": {},
    }
