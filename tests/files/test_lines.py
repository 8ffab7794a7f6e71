"""A line is in its file whole or not at all, whenever the process died."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.files.lines import append_line, append_text, read_lines
from pipeline.text.errors import UnavailableError


def test_lines_come_back_in_the_order_they_were_added(tmp_path: Path) -> None:
    path = tmp_path / "new" / "requests.jsonl"

    append_line(path, {"number": 1, "name": "é"})
    append_line(path, {"number": 2})

    assert read_lines(path) == [{"number": 1, "name": "é"}, {"number": 2}]
    assert path.read_text(encoding="utf-8").startswith('{"name": "é", "number": 1}\n')


def test_a_file_that_is_not_there_has_no_line(tmp_path: Path) -> None:
    assert read_lines(tmp_path / "requests.jsonl") == []


@given(cut=st.integers(0, 14))
def test_a_line_that_was_cut_by_a_crash_is_none_and_the_next_takes_its_place(
    tmp_path_factory: pytest.TempPathFactory, cut: int
) -> None:
    path = tmp_path_factory.mktemp("lines") / "journal.jsonl"
    append_line(path, {"number": 1})
    with path.open("ab") as lines:
        lines.write(b'{"number": 99}'[:cut])

    assert read_lines(path) == [{"number": 1}]
    append_line(path, {"number": 2})
    assert read_lines(path) == [{"number": 1}, {"number": 2}]


def test_a_first_line_that_was_cut_goes_too(tmp_path: Path) -> None:
    path = tmp_path / "notes.txt"
    path.write_text("half a li")

    append_text(path, "a line\n")

    assert path.read_text() == "a line\n"


def test_a_folder_in_the_place_of_the_file_is_a_letter(tmp_path: Path) -> None:
    with pytest.raises(UnavailableError, match="cannot be written"):
        append_line(tmp_path, {})
