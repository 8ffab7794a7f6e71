"""Tables are shown whole: beside each other where there is room, else row by row."""

import os
import subprocess
import sys
from datetime import datetime
from io import StringIO

import polars as pl
import pytest

from pipeline.cli import terminal


class Terminal(StringIO):
    def isatty(self) -> bool:
        return True


def on_a_terminal(monkeypatch: pytest.MonkeyPatch, frame: pl.DataFrame) -> list[str]:
    """Show a frame on a terminal of forty columns; give its lines."""
    screen = Terminal()
    monkeypatch.setenv("COLUMNS", "40")
    monkeypatch.setattr(sys, "stdout", screen)
    terminal.show_table(frame)
    return screen.getvalue().splitlines()


def test_a_narrow_table_is_one_table(monkeypatch: pytest.MonkeyPatch) -> None:
    lines = on_a_terminal(monkeypatch, pl.DataFrame({"site": ["A", "B"], "value": [1.0, 1e15]}))

    assert [line.split("│")[1:3] for line in lines if "│" in line] == [
        [" A    ", "                1 "],
        [" B    ", " 1000000000000000 "],
    ]


def test_a_table_that_is_too_wide_is_shown_row_by_row(monkeypatch: pytest.MonkeyPatch) -> None:
    frame = pl.DataFrame({"a_name": ["x" * 20], "[red]": ["y" * 20]})

    lines = on_a_terminal(monkeypatch, frame)

    assert [line.split() for line in lines if "│" in line] == [
        ["│", "a", "name", "│", "x" * 20, "│"],
        ["│", "[red]", "│", "y" * 20, "│"],
    ]


def test_whoever_reads_may_stop_reading() -> None:
    lines = "iter(lambda: 'line\\n', '')"  # without an end
    program = (
        "from pipeline.cli import terminal; from pipeline.text import streams;"
        f" streams.open_streams(); terminal.show_lines({lines})"
    )
    command = f'{sys.executable} -c "{program}" | head -1; exit ${{PIPESTATUS[0]}}'

    told = subprocess.run(["bash", "-c", command], capture_output=True, text=True, check=False)

    assert (told.returncode, told.stdout, told.stderr) == (0, "line\n", "")


def test_in_a_file_nothing_is_folded(capsys: pytest.CaptureFixture[str]) -> None:
    terminal.show_table(pl.DataFrame({"a": ["x" * 300], "b": ["y" * 300]}))

    assert f"{'x' * 300} │ {'y' * 300}" in capsys.readouterr().out


def test_a_moment_is_told_to_the_second(capsys: pytest.CaptureFixture[str]) -> None:
    moment = datetime(2026, 11, 27, 3, 22, 7, 937924)  # noqa: DTZ001  # as the store gives it

    terminal.show_table(pl.DataFrame({"loaded_at": [moment]}))

    assert "2026-11-27 03:22:07 " in capsys.readouterr().out


def test_counts_have_a_space_between_thousands_and_numbers_of_cells_have_none(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    rows = pl.DataFrame({"rows": [12345], "value": [12345.0], "told": ["12345"]})

    lines = on_a_terminal(monkeypatch, rows)

    assert [line.split("│")[1:4] for line in lines if "12" in line] == [
        [" 12\u202f345 ", " 12345 ", " 12345 "]
    ]


def test_a_progress_bar_says_how_many_rows_of_how_many_were_done(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    screen = Terminal()
    monkeypatch.setattr(sys, "stderr", screen)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "120")

    with terminal.steps("load") as steps:
        steps.begin(12345, of_rows=True)
        steps.step(2345)

    assert "2\u202f345/12\u202f345" in screen.getvalue()
    assert "2\u202f345 rows" in screen.getvalue()


def test_a_terminal_without_unicode_is_told_what_its_letters_can_tell() -> None:
    program = (
        "from pipeline.cli import terminal; from pipeline.text import streams;"
        " streams.open_streams();"
        " terminal.show_markdown('1\\u202f234 values\\u2026 at \\u0639');"
        " terminal.say('5\\u202f%')"
    )

    told = subprocess.run(
        [sys.executable, "-c", program],
        env={**os.environ, "PYTHONIOENCODING": "ascii"},
        capture_output=True,
        text=True,
        check=False,
    )

    assert (told.returncode, told.stdout) == (0, "1 234 values... at \\u0639\n")
    assert told.stderr == "5 %\n"
