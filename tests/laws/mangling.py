"""Tables as spreadsheets, editors and tired people leave them, and what a reader made of them.

Each row of a table has an id of its own in its first field. After a table was mangled and read,
each of them is looked for: it stands in one row, or the reader complains.
"""

import re
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import NamedTuple

import polars as pl

from pipeline.compare.rules.links import MANUAL_COLUMNS
from pipeline.tables import (
    DATA_ELEMENT_COLUMNS,
    ORG_UNIT_COLUMNS,
    SITE_COLUMNS,
    read_decisions,
    read_manual_mapping,
    read_mapping,
    read_sites,
)
from pipeline.tables.decisions import DECISION_TABLE_COLUMNS
from pipeline.tables.manual_file import read_rows
from pipeline.text.errors import UsageError

ID = "rowNumber{:02}"  # as long as an id of DHIS2
OTHER = "btDooiTQRAI"
SEPARATORS = ",;\t|"
TODAY = date(2026, 12, 1)
_ID_BEGINS = "rowNumber"
_ID_LENGTH = len(ID.format(0))


class Read(NamedTuple):
    """The ids of the rows that a reader gave, the texts of lines it complained of, rows aside.

    `waiting`: rows that a reader counts and does not give.
    """

    ids: list[str]
    complaints: list[str]
    waiting: int = 0


class Reader(NamedTuple):
    """A kind of table: the file, its columns, a row with its id left out, and how it is read."""

    file: str
    columns: Sequence[str]
    row: Sequence[str]
    read: Callable[[Path], Read]


def _ids(table: pl.DataFrame, column: str) -> Read:
    return Read(table[column].to_list(), [])


def _read_data_elements(folder: Path) -> Read:
    return _ids(read_mapping(folder).data_elements, "program_indicator")


def _read_org_units(folder: Path) -> Read:
    (folder / "data_elements.csv").write_text(
        f"program_indicator,data_element\n{OTHER},{OTHER}\n", encoding="utf-8"
    )
    return _ids(read_mapping(folder).org_units, "source_org_unit")


def _read_sites(folder: Path) -> Read:
    return _ids(read_sites(folder), "org_unit")


def _read_manual_mapping(folder: Path) -> Read:
    return _ids(read_manual_mapping(folder, by_id=False)[1], "manual_data_element")


def _read_decisions(folder: Path) -> Read:
    table = read_decisions(folder, TODAY)
    both = [*table.standing["data_element"], *table.expired["data_element"]]
    return Read(both, [], table.waiting)


def _read_manual_file(folder: Path) -> Read:
    path = folder / "paper.csv"
    read = read_rows(path.read_bytes(), path)
    return Read(read.rows["manual_data_element"].to_list(), read.ragged["written"].to_list())


READERS = {
    "data elements": Reader(
        "data_elements.csv",
        DATA_ELEMENT_COLUMNS,
        ("", OTHER, "", "", "sum", ""),
        _read_data_elements,
    ),
    "org units": Reader("org_units.csv", ORG_UNIT_COLUMNS, (OTHER,), _read_org_units),
    "sites": Reader("sites.csv", SITE_COLUMNS, ("", "", "manual", "202601", "", ""), _read_sites),
    "manual elements": Reader(
        "manual.csv", MANUAL_COLUMNS, ("", "", OTHER, "", ""), _read_manual_mapping
    ),
    "decisions": Reader(
        "decisions.csv",
        DECISION_TABLE_COLUMNS,
        ("202610", OTHER, OTHER, OTHER, "leave", "Aïcha", "asked by phone", "2026-12-31"),
        _read_decisions,
    ),
    "manual file": Reader(
        "paper.csv",
        ("data_element", "period", "org_unit", "value"),
        ("202610", "Centre Arvène", "3"),
        _read_manual_file,
    ),
}


def losses(reader: Reader, random: Random) -> list[str]:
    """Mangle a table and read it; what was lost or made up, in words."""
    text = mangled(reader, random)
    with TemporaryDirectory() as folder:
        path = Path(folder) / reader.file
        path.write_bytes(_encoded(text, random))
        try:
            read = reader.read(Path(folder))
        except UsageError as letter:
            return [] if letter.where and letter.remedy else [f"no place or remedy: {letter.what}"]
    return [f"{loss}\n{text}" for loss in _losses(text, read)]


def _losses(text: str, read: Read) -> list[str]:
    lines = [line for line in text.splitlines() if _ID_BEGINS in line]
    known = {line.strip(' "')[:_ID_LENGTH] for line in lines}
    begins = {re.split('[,;|\t"]', line.strip(' "'))[0][:_ID_LENGTH] for line in text.splitlines()}
    told = {line.strip(' "')[:_ID_LENGTH] for line in read.complaints}
    times = Counter(one.strip('"')[:_ID_LENGTH] for one in read.ids)
    lost = known - times.keys() - told
    return [
        *(f"lost: {one}" for one in sorted(lost)[read.waiting :]),
        *(f"made up: {one}" for one in sorted(times.keys() - begins)),
        *(f"{many} times: {one}" for one, many in times.items() if many > 1),
    ]


def mangled(reader: Reader, random: Random) -> str:
    """A table of some rows, in one manner or another, with a few mistakes."""
    separator = random.choice(SEPARATORS)
    notes = ["note", "org_unit_name"][: random.randrange(3)]
    lines = [separator.join([*reader.columns, *notes])]
    for at in range(random.randrange(1, 8)):
        fields = [ID.format(at), *reader.row, *(_note(random, separator) for _ in notes)]
        lines.append(
            separator.join(_quoted(one) if random.random() < 0.1 else one for one in fields)
        )
    for _ in range(random.randrange(4)):
        random.choice(_MANGLINGS)(lines, separator, random)
    end = random.choice(("\n", "\r\n", "\r"))
    return end.join(lines) + end * random.randrange(3)


def _note(random: Random, separator: str) -> str:
    notes = ("", "ok", "l'été", 'Novo"yal', '"', '"late', _quoted(f"a{separator}b"))
    return random.choice((*notes, _quoted("two\nlines"), _quoted('he said "yes"')))


def _quoted(text: str) -> str:
    return text if text.startswith('"') else '"' + text.replace('"', '""') + '"'


def _any_row(lines: list[str], random: Random) -> int:
    return random.choice([at for at, line in enumerate(lines) if _ID_BEGINS in line])


def _stray_quote(lines: list[str], separator: str, random: Random) -> None:
    """A quote anywhere behind an id, or in front of it."""
    at = _any_row(lines, random)
    place = random.choice((0, random.randrange(_ID_LENGTH + 1, len(lines[at]) + 2)))
    lines[at] = lines[at][:place] + '"' + lines[at][place:]


def _cut_row(lines: list[str], separator: str, random: Random) -> None:
    at = _any_row(lines, random)
    fields = lines[at].split(separator)
    lines[at] = separator.join(fields[: random.randrange(1, len(fields) + 1)])


def _long_row(lines: list[str], separator: str, random: Random) -> None:
    more = separator * random.randrange(1, 4) + random.choice(("", "x", '"'))
    lines[_any_row(lines, random)] += more


def _blank_row(lines: list[str], separator: str, random: Random) -> None:
    blank = random.choice(("", " ", separator * lines[0].count(separator), separator))
    lines.insert(random.randrange(len(lines) + 1), blank)


def _line_above(lines: list[str], separator: str, random: Random) -> None:
    above = (
        "Monthly report on paper",
        f"sep={separator}",
        f"District: Amblé{separator}{separator}",
    )
    lines.insert(0, random.choice(above))


_MANGLINGS: tuple[Callable[[list[str], str, Random], None], ...] = (
    *(_stray_quote, _stray_quote, _cut_row, _long_row, _blank_row, _line_above),
)


def _encoded(text: str, random: Random) -> bytes:
    return text.encode(random.choice(("utf-8", "utf-8", "utf-8-sig", "utf-16")))
