"""An option combo with a twin is not written: nobody knows which of the two is meant."""

import polars as pl

from pipeline.cells.key import FORM_CELL
from pipeline.plan.rules.holds.twins import twin_combos, with_twin_holds
from tests.support.frames import frame

COMBOS = frame("""
    id       | category_combo | options   | is_default
    default  | none           | nothing   | false
    boys     | sex            | boy       | false
    boys_2   | sex            | boy       | false
    girls    | sex            | girl      | false
    boys_3   | sex_of_adults  | boy       | false
    young_b  | sex_age        | boy+young | false
    young_b2 | sex_age        | young+boy | false
    unseen   | place          |           | false
    unseen_2 | place          |           | false
""").select(
    "id",
    "category_combo",
    category_options=pl.when(pl.col("options") == "")
    .then(pl.lit([], pl.List(pl.String)))
    .otherwise(pl.col("options").str.split("+")),
    is_default=pl.col("category_combo") == "none",
)
TWO_DEFAULTS = frame("""
    id        | category_combo | options
    default_2 | other_none     | something
""").select(
    "id",
    "category_combo",
    category_options=pl.col("options").str.split("+"),
    is_default=pl.lit(value=True),
)


def test_twins_have_the_same_options_in_one_category_combo() -> None:
    assert twin_combos(COMBOS).rows() == [
        ("boys", "twin_combo", ["boys", "boys_2"]),
        ("boys_2", "twin_combo", ["boys", "boys_2"]),
        ("young_b", "twin_combo", ["young_b", "young_b2"]),
        ("young_b2", "twin_combo", ["young_b", "young_b2"]),
    ]


def test_two_default_combos_are_twins_whichever_category_combo_they_are_of() -> None:
    both = twin_combos(pl.concat([COMBOS, TWO_DEFAULTS])).filter(
        pl.col("twin_hold") == "two_defaults"
    )

    assert both.rows() == [
        ("default", "two_defaults", ["default", "default_2"]),
        ("default_2", "two_defaults", ["default", "default_2"]),
    ]


def test_a_form_cell_with_a_twin_is_held_unless_its_element_is_wrong_anyway() -> None:
    placed = frame("""
        data_element | category_option_combo | attribute_option_combo | data_set | form_hold               | held
        cases        | boys                  | default                | monthly  | -                       | twin_combo
        cases        | girls                 | default                | monthly  | -                       | -
        cases        | girls                 | young_b2               | monthly  | -                       | twin_combo
        births       | boys_2                | default                | monthly  | no_write_access         | twin_combo
        births       | girls                 | default                | monthly  | no_write_access         | no_write_access
        strange      | boys                  | default                | -        | element_not_in_data_set | element_not_in_data_set
    """)  # noqa: E501  # a table is read in columns

    judged = with_twin_holds(placed.drop("held"), COMBOS)

    assert judged.columns == [*FORM_CELL, "data_set", "form_hold"]
    assert judged["form_hold"].to_list() == placed["held"].to_list()


def test_without_twins_all_stays_as_it_is() -> None:
    placed = frame("""
        data_element | category_option_combo | attribute_option_combo | data_set | form_hold
        cases        | girls                 | default                | monthly  | -
    """)
    sound = COMBOS.filter(pl.col("id").is_in(["girls", "default"]))

    assert with_twin_holds(placed, sound).equals(placed)
