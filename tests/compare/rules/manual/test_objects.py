"""A text means an object by its id, its code, or a name that only one has."""

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.compare.rules.manual.objects import Meaning, find_objects, with_ids
from tests.support.frames import frame

OBJECTS = frame("""
    id   | code | name
    ou_a | A1   | Aba Clinic
    ou_b | B1   | Bori
    ou_c | C1   | Bori
    ou_d | -    | ou_a
    ou_e | A1 x | A1
""")


@pytest.mark.parametrize(
    ("text", "meaning"),
    [
        ("ou_b", Meaning("ou_b")),
        ("B1", Meaning("ou_b")),
        ("Aba Clinic", Meaning("ou_a")),
        ("  aba   CLINIC ", Meaning("ou_a")),
        ("Bori", Meaning(None, is_ambiguous=True)),
        ("A1", Meaning(None, is_ambiguous=True)),
        ("b1", Meaning(None)),
        ("Nowhere", Meaning(None)),
    ],
)
def test_a_text_means_what_only_one_object_is_called(text: str, meaning: Meaning) -> None:
    assert find_objects([text], OBJECTS) == {text: meaning}


def test_an_id_means_itself_also_where_another_is_named_so() -> None:
    assert find_objects(["ou_a"], OBJECTS)["ou_a"] == Meaning("ou_a")


@given(st.text(max_size=6))
def test_no_text_is_both_clear_and_ambiguous(text: str) -> None:
    meaning = find_objects([text], OBJECTS)[text]

    assert not (meaning.id and meaning.is_ambiguous)
    assert meaning.id in {None, *OBJECTS["id"]}


def test_codes_and_names_give_way_to_ids_and_other_texts_stay() -> None:
    rows = pl.DataFrame({"one": ["B1", "Bori", "total", ""], "other": ["ou_c", "x", "C1", "B1"]})

    assert with_ids(rows, ["one", "other"], OBJECTS).to_dict(as_series=False) == {
        "one": ["ou_b", "Bori", "total", ""],
        "other": ["ou_c", "x", "ou_c", "ou_b"],
    }


def test_total_is_never_the_name_of_an_object() -> None:
    objects = frame("""
        id   | code  | name
        co_t | total | total
    """)
    rows = pl.DataFrame({"combo": ["total"]})

    assert with_ids(rows, ["combo"], objects).equals(rows)
