"""The policy of one transfer, as its officer wrote it in transfer.toml."""

import re
import tomllib
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from pipeline.errors import UsageError
from pipeline.sections import Transfer

TRANSFER_NAME = re.compile(r"[a-z][a-z0-9_-]{0,47}")


def read_transfer(path: Path) -> Transfer:
    """Read and check one transfer.toml.

    Raises `UsageError` that names the file, the line and the key of everything that is wrong.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
        written = tomllib.loads(text)
    except FileNotFoundError as error:
        raise UsageError(
            "this transfer has no configuration",
            where=str(path),
            remedy=f"make one with `tally init {path.parent.name}`",
        ) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise UsageError(
            f"the configuration is not readable as TOML: {error}",
            where=str(path),
            remedy="mend that line; text stands in double quotes, lists in square brackets",
        ) from error
    try:
        return Transfer.model_validate(written)
    except ValidationError as error:
        complaints = [_complaint(text, path, fault) for fault in error.errors(include_input=False)]
        raise UsageError(
            "the configuration has something that Tally does not understand",
            where="\n         ".join(complaints),
            remedy="mend these keys; `tally init NAME` writes an example with every key",
        ) from None


def _complaint(text: str, path: Path, fault: Any) -> str:  # noqa: ANN401  # pydantic's own record
    location = [str(part) for part in fault["loc"]]
    message = fault["msg"].removeprefix("Value error, ")
    if fault["type"] == "extra_forbidden":
        message = "there is no such key here; look for a misspelling"
    return f"{path}:{line_of(text, location)}: {'.'.join(location)}: {message}"


def line_of(text: str, location: list[str]) -> int:
    """Find the line of a key in a TOML text, or of the table it belongs in (1 when neither)."""
    table: list[str] = []
    best = 1
    for number, line in enumerate(text.splitlines(), start=1):
        header = re.match(r"\s*\[+\s*([^\]]+?)\s*\]+", line)
        if header and "=" not in line.split("[")[0]:
            table = [part.strip() for part in header[1].split(".")]
            if table == location[: len(table)]:
                best = number
            continue
        key = re.match(r"\s*([\w.-]+)\s*=", line)
        if key and (here := table + key[1].split(".")) == location[: len(here)]:
            best = number
    return best
