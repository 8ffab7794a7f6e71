"""The target's forms take what is mapped, or it is said what they do not take."""

import polars as pl
import pytest

from pipeline.verify.rules.findings import Finding
from pipeline.verify.rules.forms import (
    assignment_findings,
    cell_findings,
    decimal_findings,
    element_findings,
    period_findings,
    zero_findings,
)
from tests.support.frames import frame

ELEMENTS = frame("""
    id      | name   | value_type       | zero | aggregation_type
    de_a    | Cases  | INTEGER          | yes  | SUM
    de_b    | Deaths | INTEGER_POSITIVE | no   | SUM
    de_note | Note   | LONG_TEXT        | no   | NONE
""").with_columns(zero_is_significant=pl.col("zero") == "yes")
DATA_SETS = frame("""
    id   | name   | period_type
    ds_m | Month  | Monthly
    ds_w | Weekly | Weekly
""")


def in_words(found: list[Finding]) -> list[tuple[str, str, str]]:
    return [(one.finding_id, one.severity, one.where) for one in found]


def test_a_cell_without_a_place_is_an_error_named_for_its_hold() -> None:
    placed = frame("""
        data_element | category_option_combo | data_set | form_hold           | sentence
        de_a         | co_x                  | -        | combo_not_in_element | no such combo
        de_a         | co_x                  | -        | combo_not_in_element | no such combo
        de_b         | default               | ds_m     | -                   | -
    """)
    combos = frame("""
        id   | name
        co_x | Male
    """)

    found = list(cell_findings(placed, ELEMENTS, combos))

    assert in_words(found) == [("combo-not-in-element", "error", "Cases (de_a) Male (co_x)")]
    assert found[0].what == "1 mapped cells cannot be written: no such combo"


def test_only_numbers_can_be_mapped_and_an_element_of_two_forms_names_its_own() -> None:
    mapping = frame("""
        data_element | data_set
        de_a         |
        de_b         | ds_m
        de_note      |
    """)
    in_forms = frame("""
        data_set | data_element
        ds_m     | de_a
        ds_w     | de_a
        ds_m     | de_b
        ds_w     | de_b
    """)

    assert in_words(list(element_findings(mapping, ELEMENTS, in_forms))) == [
        ("no-numbers", "error", "Note (de_note) LONG_TEXT"),
        ("element-in-two-data-sets", "error", "Cases (de_a)"),
    ]


def test_means_that_are_to_fill_whole_numbers_are_named_before_a_run_rejects_them() -> None:
    mapping = frame("""
        program_indicator | data_element
        pi_mean           | de_a
        pi_mean           | de_c
        pi_count          | de_a
    """)
    indicators = frame("""
        id       | name        | may_give_decimals
        pi_mean  | Mean weight | true
        pi_count | Cases       | false
    """).with_columns(pl.col("may_give_decimals") == "true")
    elements = frame("""
        id   | name   | value_type
        de_a | Cases  | INTEGER_POSITIVE
        de_c | Weight | NUMBER
    """)

    assert in_words(list(decimal_findings(mapping, indicators, elements))) == [
        (
            "decimals-into-whole-numbers",
            "warning",
            "Mean weight (pi_mean) into Cases (de_a) INTEGER_POSITIVE",
        )
    ]


def test_elements_that_keep_no_zeros_are_named_when_zeros_are_to_be_stored() -> None:
    mapping = frame("""
        data_element
        de_a
        de_b
    """)

    assert in_words(list(zero_findings(mapping, ELEMENTS))) == [
        ("zeros-not-kept", "warning", "Deaths (de_b)")
    ]


def test_a_form_of_another_period_type_is_an_error() -> None:
    assert in_words(list(period_findings(DATA_SETS, "Monthly"))) == [
        ("period-type", "error", "Weekly (ds_w): Weekly")
    ]


@pytest.mark.parametrize(
    ("assigned", "expected"),
    [
        ([("ds_m", "ou_a"), ("ds_m", "ou_b"), ("ds_w", "ou_a")], []),
        (
            [("ds_m", "ou_a"), ("ds_w", "ou_z")],
            [
                ("not-assigned", "warning", "Bori (ou_b)"),
                ("idle-data-sets", "error", "Weekly (ds_w)"),
            ],
        ),
        ([("ds_m", "ou_z")], [("not-assigned", "error", "Aba (ou_a), Bori (ou_b)")]),
    ],
    ids=["all", "some", "none"],
)
def test_org_units_that_no_form_takes_are_worse_where_none_is_taken(
    assigned: list[tuple[str, str]], expected: list[tuple[str, str, str]]
) -> None:
    org_units = frame("""
        id   | name
        ou_a | Aba
        ou_b | Bori
    """)
    taken = pl.DataFrame(assigned, schema=["data_set", "org_unit"], orient="row")

    found = assignment_findings(org_units, DATA_SETS, taken, assigned_only=False)
    meant = assignment_findings(org_units, DATA_SETS, taken, assigned_only=True)

    assert in_words(list(found)) == expected
    assert in_words(list(meant)) == [one for one in expected if one[1] == "error"]
