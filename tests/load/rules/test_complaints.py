"""Whose fault a refusal is stands in the answer, by index or among the arguments."""

import polars as pl
import pytest

from pipeline.load.rules.complaints import ImportConflict, blame, sentence
from pipeline.plan.rules.reasons import EXPIRED, OPTION_NOT_HERE, OPTION_OUT_OF_DATE, SENTENCES
from tests.support.frames import frame

ROWS = frame("""
    data_element | period | org_unit | category_option_combo | attribute_option_combo
    de_cases     | 202601 | ou_a     | coc_m                 | default
    de_cases     | 202601 | ou_b     | coc_m                 | default
    de_cases     | 202602 | ou_b     | coc_f                 | default
    de_deaths    | 202602 | ou_a     | default               | default
""")
EVERY_ROW = (0, 1, 2, 3)


def complaint(
    code: str, arguments: str = "", indexes: tuple[int, ...] = EVERY_ROW
) -> ImportConflict:
    return ImportConflict(code, f"the words of {code}", indexes, arguments)


@pytest.mark.parametrize(
    ("code", "arguments", "guilty"),
    [
        ("E8022", "ds_monthly-[ou_b]", [1, 2]),
        ("E8022", "ds_monthly-[ou_a, ou_b]", [0, 1, 2, 3]),
        ("E8020", "ds_monthly-[de_deaths]", [3]),
        ("E8021", "ds_monthly-[202602]", [2, 3]),
        ("E8023", "ds_monthly-[default]", [0, 1, 2, 3]),
        ("E8024", "ds_monthly-de_cases-[coc_f]", [2]),
        ("E8030", "ds_monthly-[202601, 202602]", [0, 1, 2, 3]),
        ("E8031", "ou_b-[202602]", [2]),
        ("E8033", "default-ou_a-[202602]", [3]),
        ("E8011", "[ou_a]", [0, 3]),
        ("E8025", "default-[ou_a]", [0, 3]),
        ("E8032", "default-[202602]", [2, 3]),
    ],
)
def test_a_refusal_of_the_whole_request_names_the_guilty_in_its_arguments(
    code: str, arguments: str, guilty: list[int]
) -> None:
    blamed = blame(ROWS, [complaint(code, arguments)])

    assert blamed["sentence"].is_not_null().arg_true().to_list() == guilty
    assert blamed["again"].arg_true().to_list() == [
        index for index in EVERY_ROW if index not in guilty
    ]


def test_an_old_id_of_digits_alone_is_not_taken_for_the_number_of_a_row() -> None:
    old = "00000000002"
    rows = ROWS.with_columns(org_unit=pl.col("org_unit").replace("ou_b", old))

    blamed = blame(rows, [complaint("E8031", f"{old}-[202602]")])

    assert blamed["sentence"].is_not_null().arg_true().to_list() == [2]


def test_a_refusal_that_names_nobody_blames_nobody() -> None:
    blamed = blame(ROWS, [complaint("E8002", "[ds_one, ds_two]")])

    assert blamed["sentence"].null_count() == 4
    assert not blamed["again"].any()


@pytest.mark.parametrize(
    ("code", "arguments", "guilty"),
    [
        ("E8103", "3-NO_SUCH_DE", [3]),
        ("E8107", "1-ou_b", [1, 2]),
        ("E8102", "2-Input[dataElement=null, orgUnit=ou_b]", [2]),
        ("E8103", "9-NO_SUCH_DE", []),
        ("E8034", "xLIbHYjGGSf", []),
    ],
)
def test_a_refusal_that_counts_its_values_names_one_and_all_that_are_alike(
    code: str, arguments: str, guilty: list[int]
) -> None:
    blamed = blame(ROWS, [complaint(code, arguments, indexes=(-1,))])

    assert blamed["sentence"].is_not_null().arg_true().to_list() == guilty
    assert blamed["again"].sum() == (4 - len(guilty) if guilty else 0)


def test_an_old_server_means_every_row_it_names_even_when_it_names_all() -> None:
    blamed = blame(ROWS, [complaint("E7640")])

    assert set(blamed["sentence"]) == {f"{SENTENCES[EXPIRED]} (E7640)"}


def test_a_complaint_without_rows_is_about_them_all() -> None:
    blamed = blame(ROWS, [complaint("E7600", indexes=())])

    assert set(blamed["sentence"]) == {
        (
            "the server does not know the data set; "
            "mend the mapping, or [target] in transfer.toml (E7600)"
        )
    }


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        ("E7638", OPTION_OUT_OF_DATE),
        ("E8032", OPTION_OUT_OF_DATE),
        ("E7639", OPTION_NOT_HERE),
        ("E8025", OPTION_NOT_HERE),
    ],
)
def test_an_option_that_is_not_for_the_period_or_site_is_told_as_its_hold_is(
    code: str, reason: str
) -> None:
    assert sentence(complaint(code)) == f"{SENTENCES[reason]} ({code})"


def test_a_code_that_nobody_knows_is_told_in_the_servers_words() -> None:
    assert sentence(complaint("E8999")) == "the words of E8999 (E8999)"
    assert sentence(complaint("")) == "the words of "


def test_complaints_about_single_rows_stay_with_their_rows() -> None:
    blamed = blame(ROWS, [complaint("E7612", indexes=(1, 2)), complaint("E7619", indexes=(2,))])

    assert blamed["sentence"].to_list() == [
        None,
        "the server does not know the org unit; mend mappings/org_units.csv (E7612)",
        "the server does not know the org unit; mend mappings/org_units.csv (E7612)",
        None,
    ]
    assert not blamed["again"].any()


def test_a_bad_value_named_by_its_index_leaves_the_others_alone() -> None:
    blamed = blame(ROWS, [complaint("E8122", "3-many-INTEGER-value_not_integer", indexes=(3,))])

    assert blamed["sentence"].is_not_null().to_list() == [False, False, False, True]
    assert not blamed["again"].any()


def test_the_only_row_of_a_request_is_guilty_of_its_refusal() -> None:
    blamed = blame(ROWS.head(1), [complaint("E7640", indexes=(0,))])

    assert blamed["sentence"].to_list() == [f"{SENTENCES[EXPIRED]} (E7640)"]
