"""The SQL of this house: one object per file, and the file's name is the object's name."""

import re
from importlib.resources import files
from typing import Literal

Kind = Literal["tables", "views", "macros", "checks", "steps"]

_TITLE = re.compile(r"^-- [\w.]+: (?P<title>.*?)\n--\n", re.DOTALL)


def read(kind: Kind, name: str) -> str:
    """Give the text of one object, header included."""
    return files("sql").joinpath(kind, f"{name}.sql").read_text(encoding="utf-8")


def names(kind: Kind) -> list[str]:
    """List the objects of a kind in the order to make them.

    Those of a named schema come first: what analysts see is made of them.
    """
    found = [file.name.removesuffix(".sql") for file in files("sql").joinpath(kind).iterdir()]
    return sorted(found, key=lambda name: ("." not in name, name))


def title(kind: Kind, name: str) -> str:
    """Give the sentence of an object's header that says what it is."""
    found = _TITLE.match(read(kind, name))
    if found is None:
        raise ValueError(f"sql/{kind}/{name}.sql does not begin with `-- {name}: what it is`")
    return " ".join(found["title"].replace("\n--", " ").split())
