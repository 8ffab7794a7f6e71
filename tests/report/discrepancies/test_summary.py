"""The first sentences of the report are true, also where there is little to say."""

import polars as pl

from pipeline.report.discrepancies.summary import sentences, summarise_overview
from tests.support.overviews import empty, from_cells, invented


def told(table: str) -> list[str]:
    """Tell the answer of a few cells."""
    parts = sentences(summarise_overview(from_cells(table)))
    return ["".join(sentence).replace("\u202f", " ") for sentence in parts]


def test_the_answer_says_how_many_agree_which_side_is_higher_and_where_it_is_worst() -> None:
    assert told("""
        site  | month  | element | tracker | manual
        Aba   | 202610 | Cases   | 10      | 10
        Aba   | 202611 | Cases   | 11      | 10
        Bori  | 202610 | Cases   | 30      | 50
        Bori  | 202611 | Deaths  | 4       | -
        Calabo| 202611 | Cases   | -       | 6
    """) == [
        "Of 5 numbers that tracker or the manual reports gave, 2 agree (40 %).",
        (
            "Where both gave a number, tracker counts 19 fewer (27 %): 51 against 70 in the manual "
            "reports."
        ),
        (
            "1 number came only from tracker and 1 only from the manual reports: one side is "
            "silent there, which is not the same as zero."
        ),
        (
            "The gaps are largest in Brisso (77 % of all gaps), for Cases (87 %), and of all sites "
            "at Bori (77 %)."
        ),
    ]


def test_a_side_that_said_nothing_is_told_and_not_summed() -> None:
    assert told("""
        site | month  | element | tracker | manual
        Aba  | 202610 | Cases   | 10      | -
    """) == [
        "Of 1 number that tracker or the manual reports gave, 0 agree (0 %).",
        "No number was given by both, so nothing can be compared.",
        (
            "1 number came only from tracker and 0 only from the manual reports: one side is "
            "silent there, which is not the same as zero."
        ),
        (
            "The gaps are largest in Amblé (100 % of all gaps), for Cases (100 %), and of all "
            "sites at Aba (100 %)."
        ),
    ]


def test_full_agreement_is_told_in_two_sentences() -> None:
    assert told("""
        site | month  | element | tracker | manual
        Aba  | 202610 | Cases   | 10      | 10
    """) == [
        "Of 1 number that tracker or the manual reports gave, 1 agrees (100 %).",
        "Where both gave a number, they sum to the same: 10.",
    ]


def test_no_numbers_at_all_are_no_agreement() -> None:
    assert sentences(summarise_overview(empty())) == [
        ("Neither tracker nor the manual reports gave a number, so there is no answer.",)
    ]


def test_the_gaps_of_two_elements_of_one_name_are_not_added_up() -> None:
    overview = invented(elements=("Fever", "Fever", "Fever"))

    worst = summarise_overview(overview).element

    assert worst is not None
    assert worst.name in {f"Fever (element{at:04})" for at in range(3)}
    assert worst.distance < summarise_overview(overview).distance


def test_the_answer_of_a_country_is_the_sum_of_its_cells() -> None:
    overview = invented()
    both = overview.cells.drop_nulls("difference")

    found = summarise_overview(overview)

    assert found.cells == overview.cells.height
    assert found.both == both.height
    assert found.tracker - found.manual == both["difference"].sum()
    assert found.only_manual == overview.cells.filter(pl.col("tracker_value").is_null()).height
