"""What a command says breaks at no letter, and goes nowhere once its reader has left."""

import io
import os
import subprocess
import sys
from collections.abc import Iterator

import pytest

from pipeline.text.streams import Stream, is_heard


@pytest.fixture(name="pipe")
def a_pipe() -> Iterator[tuple[io.FileIO, Stream]]:
    reading, writing = os.pipe()
    with io.FileIO(reading) as reader, Stream(writing, "w") as stream:
        yield reader, stream


def says(
    program: str, encoding: str, *, is_closed: bool = False
) -> subprocess.CompletedProcess[bytes]:
    """Run a program that has opened its streams, on a terminal of this encoding."""
    code = f"from pipeline.text.streams import open_streams\nopen_streams()\n{program}"
    command = [sys.executable, "-c", code]
    if is_closed:
        command = ["sh", "-c", 'exec "$@" >&-', "sh", *command]
    return subprocess.run(
        command,
        env={**os.environ, "PYTHONIOENCODING": encoding},
        capture_output=True,
        check=False,
    )


def test_what_somebody_reads_arrives(pipe: tuple[io.FileIO, Stream]) -> None:
    reader, stream = pipe

    assert stream.write(b"five") == 4
    assert reader.read(9) == b"five"
    assert stream.is_heard


def test_when_the_reader_has_left_writing_goes_on_into_nothing(
    pipe: tuple[io.FileIO, Stream],
) -> None:
    reader, stream = pipe
    reader.close()

    assert stream.write(b"five") == 4
    assert stream.write(b"and more") == 8
    assert not stream.is_heard


def test_whether_a_stream_is_heard_is_seen_through_its_layers(
    pipe: tuple[io.FileIO, Stream],
) -> None:
    reader, stream = pipe
    with io.TextIOWrapper(io.BufferedWriter(stream), encoding="utf-8") as text:
        assert is_heard(text)

        reader.close()
        text.write("five")
        text.flush()

        assert not is_heard(text)
    assert is_heard(io.StringIO())


@pytest.mark.parametrize(
    ("encoding", "said"),
    [
        ("utf-8", "1\u202f000 \u2013 sant\u00e9 \u2026".encode()),
        ("latin-1", b"1 000 - sant\xe9 ..."),
        ("ascii", b"1 000 - sant\\u00e9 ..."),
    ],
)
def test_a_letter_that_a_terminal_lacks_is_written_plainly(encoding: str, said: bytes) -> None:
    told = says("print('1\\u202f000 \\u2013 sant\\u00e9 \\u2026', end='')", encoding)

    assert (told.returncode, told.stdout, told.stderr) == (0, said, b"")


def test_without_a_stdout_nothing_is_said_and_nothing_breaks() -> None:
    told = says("print('five')\nimport sys\nsys.stderr.write('done')", "utf-8", is_closed=True)

    assert (told.returncode, told.stderr) == (0, b"done")


def test_a_stream_that_somebody_put_there_stays() -> None:
    program = (
        "import io, sys\n"
        "own = sys.stdout = io.StringIO()\n"
        "open_streams()\n"
        "sys.exit(7 if sys.stdout is own else 1)"
    )

    assert says(program, "utf-8").returncode == 7
