"""What DuckDB says of a question is cut down to its sentences, and to the place that they mean."""

import duckdb
import pytest

from pipeline.store.rules.messages import LONGEST_EXCERPT, place_of, sentences_of


def said(question: str) -> str:
    with duckdb.connect() as database, pytest.raises(duckdb.Error) as refused:
        database.execute(question)
    return str(refused.value)


def test_the_picture_of_the_place_is_no_sentence() -> None:
    message = said("select 1 as one\nfrom nowhere")

    assert sentences_of(message).startswith("Catalog Error: Table with name nowhere")
    assert "LINE" not in sentences_of(message)
    assert "^" not in sentences_of(message)


def test_at_most_two_sentences_are_kept() -> None:
    assert sentences_of("First.\n\nSecond.\nThird.") == "First. Second."


@pytest.mark.parametrize(
    ("question", "place"),
    [
        ("select 1\nfrom nowhere", "line 2, letter 6 of the question: nowhere"),
        ("selec 1", "line 1, letter 1 of the question: selec 1"),
        (
            "select one,\n       two\nfrom (select 1 as one)",
            "line 2, letter 8 of the question: two",
        ),
    ],
)
def test_a_fault_has_its_place_in_the_question(question: str, place: str) -> None:
    assert place_of(said(question), question) == place


def test_a_line_more_than_the_question_has_is_counted_away() -> None:
    question = "select one\nfrom nowhere"

    assert place_of(said(f"prepare question as\n{question}"), question) == (
        "line 2, letter 6 of the question: nowhere"
    )


def test_a_long_line_is_shown_from_the_fault_on_and_not_to_its_end() -> None:
    question = "select " + ", ".join(f"{number} as n{number}" for number in range(60)) + ", nowhere"
    question += ", 1" * 60

    *_, shown = place_of(said(question), question).partition(": ")

    assert shown.startswith("nowhere, 1")
    assert len(shown) == LONGEST_EXCERPT


def test_a_message_without_a_place_has_none() -> None:
    assert place_of("Out of Memory Error: no more", "select 1") == ""
    assert place_of("fault\n\nLINE 9: elsewhere\n        ^", "select 1") == ""
