"""The policy of one transfer, as its officer wrote it in transfer.toml."""

import re
import tomllib
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from pipeline.config.sections import Transfer
from pipeline.text.errors import UsageError
from schemas.uids import UID, UID_OR_NOTHING

_SENTENCES = {
    "extra_forbidden": "there is no such key here; look for a misspelling",
    "missing": "this is needed",
    "too_short": "name at least {min_length}",
    "model_type": "this is a table: its name in square brackets, its keys below",
    "tuple_type": "write a list, in square brackets",
    "string_type": "write a text, in double quotes",
    **dict.fromkeys(("bool_type", "bool_parsing"), "write true or false, without quotes"),
    **dict.fromkeys(
        ("int_type", "int_parsing", "int_from_float"), "write a whole number, without quotes"
    ),
    **dict.fromkeys(("float_type", "float_parsing"), "write a number, without quotes"),
    "literal_error": "write one of {expected}",
    "greater_than_equal": "this must be at least {ge:g}",
    "less_than_equal": "this must be at most {le:g}",
}


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
    named = ".".join(part for part in fault["loc"] if isinstance(part, str))
    entries = "".join(f", entry {part + 1}" for part in fault["loc"] if isinstance(part, int))
    return f"{path}:{line_of(text, location)}: {named}{entries}: {_sentence(fault)}"


def _sentence(fault: Any) -> str:  # noqa: ANN401  # as above
    """Say what is wrong in words of somebody who never saw Python."""
    context = fault.get("ctx", {})
    if fault["type"] == "string_pattern_mismatch" and context["pattern"] in {UID, UID_OR_NOTHING}:
        return "this is no UID (11 letters and digits)"
    sentence = _SENTENCES.get(fault["type"])
    return sentence.format(**context) if sentence else fault["msg"].removeprefix("Value error, ")


def line_of(text: str, location: list[str]) -> int:
    """The line of a key in a TOML text, or of the table it belongs in (1 when neither)."""
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
