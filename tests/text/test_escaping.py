"""Whatever a stranger calls a clinic, people read it and nothing runs."""

from io import StringIO

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from polars.testing import assert_frame_equal
from rich.console import Console
from rich.markdown import Markdown

from pipeline.text.escaping import (
    markdown_text,
    shortened,
    spreadsheet_text,
    told_apart,
    visible,
    with_id,
    with_texts,
)
from tests.support.hostile import HOSTILE


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("Bo\u202eytilicaF", "Bo[U+202E]ytilicaF"),
        ("nul\x00 and bell\x07", "nul[U+0000] and bell[U+0007]"),
        ("two\nlines\tand a tab\r\n", "two lines and a tab"),
        ("\ufeffmark", "[U+FEFF]mark"),
        ("3\u202f733 cells", "3\u202f733 cells"),
        ("مستشفى", "مستشفى"),
        ("می\u200cخواهم", "می\u200cخواهم"),  # noqa: RUF001  # Persian is written so
        ("👩\u200d⚕️ clinic", "👩\u200d⚕️ clinic"),
    ],
)
def test_what_cannot_be_seen_becomes_a_mark_and_what_can_be_read_stays(
    typed: str, shown: str
) -> None:
    assert visible(typed) == shown


@given(st.text(), st.integers(min_value=2, max_value=90))
def test_a_shortened_text_is_never_longer_than_asked_and_never_turns_around(
    text: str, most: int
) -> None:
    shown = shortened(text, most)

    assert len(shown) <= most
    assert visible(shown) == shown


@pytest.mark.parametrize(
    "typed", ["=1+1", "+A1", "-1+2", "@x", "\t=1", "\r=1", "\n=1", " =1", "\uff1d1"]
)
def test_a_formula_in_a_csv_gets_an_apostrophe(typed: str) -> None:
    assert spreadsheet_text(typed) == f"'{typed.strip()}"


@pytest.mark.parametrize("typed", ["-5", "+1", "-0.25", "12", "Bo - east", ""])
def test_a_number_and_a_plain_name_in_a_csv_stay(typed: str) -> None:
    assert spreadsheet_text(typed) == typed


@pytest.mark.parametrize("name", HOSTILE)
def test_markdown_shows_a_hostile_name_as_it_was_typed(name: str) -> None:
    told = StringIO()
    table = Markdown(f"| name |\n| --- |\n| {markdown_text(name)} |")
    Console(width=200, file=told).print(table)

    assert shortened(name) in told.getvalue()


@pytest.mark.parametrize("name", HOSTILE)
def test_a_name_is_told_on_one_short_line_with_its_whole_id(name: str) -> None:
    told = with_id(name, "ouClinic00a")

    assert told.endswith(" (ouClinic00a)")
    assert len(told) <= 80
    assert visible(told) == told


def test_names_that_look_the_same_are_told_apart_by_their_ids() -> None:
    names = {"a": "Hill", "b": " Hill\n", "c": "Valley", "d": "x" * 99 + "1", "e": "x" * 99 + "2"}

    assert told_apart(names) == {
        "a": "Hill (a)",
        "b": "Hill (b)",
        "c": "Valley",
        "d": "x" * 75 + "… (d)",
        "e": "x" * 75 + "… (e)",
    }


def test_an_address_in_a_name_is_no_link_in_markdown() -> None:
    assert "://" not in markdown_text("see https://example.org")


def test_every_text_of_a_frame_is_changed_and_nothing_else() -> None:
    before = pl.DataFrame({"name": ["a", None, "b", "a"], "cells": [1, 2, 3, 4]})

    after = with_texts(before, str.upper)

    expected = pl.DataFrame({"name": ["A", None, "B", "A"], "cells": [1, 2, 3, 4]})
    assert_frame_equal(after, expected)
