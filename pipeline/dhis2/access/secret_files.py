"""Read small files that hold secrets, and only when nobody else can read them."""

import os
import stat
from pathlib import Path

from pipeline.text.errors import UsageError

_MOST_LETTERS = 64 * 1024  # a token or password is far shorter; a wrong file may be huge


def read_private(path: Path) -> str:
    """The text of a file of secrets.

    Raises `UsageError` when its group or others may touch it, or when it cannot be read.
    """
    try:
        if os.name == "posix" and path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
            raise UsageError(
                "a file with a secret can be read by others",
                where=str(path),
                remedy=f"chmod 600 {path}",
            )
    except OSError as fault:
        raise _unreadable(path, fault.strerror or "") from None
    return read_guarded(path)


def read_guarded(path: Path) -> str:
    """The text of a file in a folder that systemd guards.

    Its access lists look like rights of the group, so the file's own mode says nothing there.
    """
    try:
        with path.open(encoding="utf-8") as lines:
            return lines.read(_MOST_LETTERS).strip()
    except OSError as fault:
        raise _unreadable(path, fault.strerror or "") from None
    except UnicodeDecodeError:
        raise _unreadable(path, "it is not text") from None


def _unreadable(path: Path, why: str) -> UsageError:
    return UsageError(
        f"a file with a secret cannot be read: {why}",
        where=str(path),
        remedy="check the path, and that the file belongs to the user Tally runs as",
    )
