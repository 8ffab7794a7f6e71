"""The SQL of this house: one object per file, and the file's name is the object's name."""

import csv
import re
from functools import cache
from importlib.resources import files
from io import StringIO
from string import Template
from typing import Literal

ObjectKind = Literal["tables", "views", "macros", "checks", "steps"]

_HEADER = re.compile(
    r"-- [\w.]+: (?P<title>.*?)\n--\n-- Grain: +(?P<grain>.*?)\n-- Read by: ", re.DOTALL
)


@cache
def read(kind: ObjectKind, name: str) -> str:
    """The text of one object, header included."""
    return files("sql").joinpath(kind, f"{name}.sql").read_text(encoding="utf-8")


@cache
def names(kind: ObjectKind) -> tuple[str, ...]:
    """The objects of a kind, in the order to make them.

    Those of a named schema come first: what analysts see is made of them.
    """
    found = [file.name.removesuffix(".sql") for file in files("sql").joinpath(kind).iterdir()]
    return tuple(sorted(found, key=lambda name: ("." not in name, name)))


def comment(kind: ObjectKind, name: str) -> str:
    """What an object is and what one row of it stands for, as its header says."""
    header = _HEADER.match(read(kind, name))
    if header is None:
        raise ValueError(f"sql/{kind}/{name}.sql does not begin as its neighbours do")
    text = f"{header['title']} Grain: {header['grain']}".replace("\n-- ", " ")
    return text[0].upper() + text[1:]


def guide() -> Template:
    """The page that lies beside a publication, with room for its transfer, run, objects."""
    return Template(files("sql").joinpath("publication.md").read_text(encoding="utf-8"))


def column_comments() -> dict[str, str]:
    """What each column means; a name has one meaning in every table and view.

    `level_1`, `level_2` and so on are found under `level_n`.
    """
    text = files("sql").joinpath("columns.csv").read_text(encoding="utf-8")
    return {line["column"]: line["comment"] for line in csv.DictReader(StringIO(text))}
