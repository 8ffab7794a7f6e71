"""Where a command's words go; whoever reads them may leave, and the command goes on."""

import codecs
import io
import os
import sys
from pathlib import Path
from typing import Any, TextIO

# What Tally itself writes beyond ASCII, for a terminal or a file that knows no Unicode.
_PLAIN = {"\u202f": " ", "\u2013": "-", "\u2212": "-", "\u2026": "..."}
PLAINLY = "tally.plainly"


class Stream(io.FileIO):
    """A way out of this process; once its reader has closed it, what comes goes nowhere.

    So a command does what it was told and ends with its own code, as in `tally load … | head`.
    """

    is_heard = True

    def write(self, content: Any, /) -> int:  # noqa: ANN401  # bytes in any of their shapes
        """Write, or pretend to, when nobody reads any more."""
        try:
            return super().write(content)
        except BrokenPipeError:
            self.is_heard = False
            nowhere = os.open(os.devnull, os.O_WRONLY)
            os.dup2(nowhere, self.fileno())
            os.close(nowhere)
            return super().write(content)


def open_streams() -> None:
    """Put streams in the place of stdout and stderr that no letter of a name can break."""
    codecs.register_error(PLAINLY, _plainly)
    sys.stdout, sys.stderr = _as_stream(sys.stdout), _as_stream(sys.stderr)


def is_heard(stream: TextIO) -> bool:
    """Whether somebody may still read what is written, as far as is known."""
    buffer = getattr(stream, "buffer", None)
    return getattr(getattr(buffer, "raw", buffer), "is_heard", True)


def _as_stream(stream: Any) -> TextIO:  # noqa: ANN401  # what Python put there, or None
    if stream is None:  # as after `>&-`; no file of ours shall take its place
        return Path(os.devnull).open("w", encoding="utf-8")
    if not isinstance(stream, io.TextIOWrapper):  # somebody's own
        return stream  # type: ignore[no-any-return]  # it stays as it was
    stream_of_ours = Stream(stream.fileno(), "w", closefd=False)
    return io.TextIOWrapper(
        stream_of_ours if stream.write_through else io.BufferedWriter(stream_of_ours),
        encoding=stream.encoding,
        errors=PLAINLY,
        line_buffering=stream.line_buffering,
        write_through=stream.write_through,
    )


def _plainly(fault: UnicodeError) -> tuple[str, int]:
    """Write a letter that an encoding lacks in ASCII: by one that looks like it, or by its code."""
    if not isinstance(fault, UnicodeEncodeError):
        raise fault
    letter = fault.object[fault.start]
    return _PLAIN.get(letter, f"\\u{ord(letter):04x}"), fault.start + 1
