"""Where a command's words go; whoever reads them may leave, and the command goes on."""

import io
import os
import sys
from typing import Any, TextIO


class Outlet(io.FileIO):
    """A way out of this process; once its reader has closed it, what comes goes nowhere.

    So a command does what it was told and ends with its own code, as in `tally load … | head`.
    """

    is_heard = True

    def write(self, piece: Any, /) -> int:  # noqa: ANN401  # bytes in any of their shapes
        """Write, or pretend to, when nobody reads any more."""
        try:
            return super().write(piece)
        except BrokenPipeError:
            self.is_heard = False
            nowhere = os.open(os.devnull, os.O_WRONLY)
            os.dup2(nowhere, self.fileno())
            os.close(nowhere)
            return super().write(piece)


def open_outlets() -> None:
    """Let stdout and stderr of this process be outlets."""
    sys.stdout, sys.stderr = _outlet(sys.stdout), _outlet(sys.stderr)


def is_heard(stream: TextIO) -> bool:
    """Tell whether somebody may still read what is written, as far as is known."""
    buffer = getattr(stream, "buffer", None)
    return getattr(getattr(buffer, "raw", buffer), "is_heard", True)


def _outlet(stream: Any) -> TextIO:  # noqa: ANN401  # what Python put there, or None
    if not isinstance(stream, io.TextIOWrapper):  # closed from the start, or somebody's own
        return stream  # type: ignore[no-any-return]  # it stays as it was
    outlet = Outlet(stream.fileno(), "w", closefd=False)
    return io.TextIOWrapper(
        outlet if stream.write_through else io.BufferedWriter(outlet),
        encoding=stream.encoding,
        errors=stream.errors,
        line_buffering=stream.line_buffering,
        write_through=stream.write_through,
    )
