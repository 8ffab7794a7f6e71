"""Read the mapping tables that people keep, and complain with file and line."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from pipeline.compare.links import MANUAL_COLUMNS, Complaint
from pipeline.errors import UsageError

MOST_ROWS = 1_000_000
MOST_BYTES = 256 * 2**20

SOURCE = ("program_indicator", "category_options")
TARGET = ("data_element", "category_option_combo", "attribute_option_combo")
DATA_ELEMENT_COLUMNS = (*SOURCE, *TARGET, "rule", "data_set")
ORG_UNIT_COLUMNS = ("source_org_unit", "target_org_unit")
MANUAL_NAME = "manual"
_OPTIONAL = {
    *("category_options", "category_option_combo", "attribute_option_combo", "data_set"),
    *("manual_category_option_combo", "manual_attribute_option_combo"),
}
_ROWS_OF = {
    "data_elements": "add one row for each program indicator and the cell it fills",
    MANUAL_NAME: "add one row for each manual element and the one it is compared with",
}
_SENTENCES = {
    "str_matches": "is not a UID (11 letters and digits, a letter first)",
    "isin": "is not one of only, sum, max, min",
    "field_uniqueness": "stands in more than one row",
}


@dataclass(frozen=True)
class MappingTables:
    """What a transfer's mapping folder says, checked.

    `data_elements` has the columns of `schemas.mapping.DataElementMapping`, sorted by source;
    `org_units` those of `OrgUnitMapping`, or no row when every org unit keeps its id.
    `fingerprint` changes when a meaning changes, not when rows are reordered.
    """

    data_elements: pl.DataFrame
    org_units: pl.DataFrame

    @property
    def fingerprint(self) -> str:
        """Hash what both tables mean."""
        text = self.data_elements.write_csv() + self.org_units.write_csv()
        return hashlib.sha256(text.encode()).hexdigest()


def read_mapping(folder: Path) -> MappingTables:
    """Read `data_elements` and, where there is one, `org_units`, as CSV or Parquet.

    Raises `UsageError` with every complaint, each with its file and line.
    """
    data_elements = _data_elements(_only_one(folder, "data_elements", needed=True))
    org_units_path = _only_one(folder, "org_units", needed=False)
    org_units = (
        pl.DataFrame(schema=dict.fromkeys(ORG_UNIT_COLUMNS, pl.String))
        if org_units_path is None
        else _org_units(org_units_path)
    )
    return MappingTables(data_elements, org_units)


def read_manual_mapping(folder: Path, *, by_id: bool) -> tuple[Path, pl.DataFrame]:
    """Read which manual elements are compared with which: the file, and line and MANUAL_COLUMNS.

    `by_id`: the manual side is a data set, whose objects have ids. Raises `UsageError` with every
    complaint, each with its file and line.
    """
    from schemas import mapping as shapes  # noqa: PLC0415  # pandera takes 0.8 s to import

    path = _only_one(folder, MANUAL_NAME, needed=True)
    assert path is not None  # noqa: S101  # `needed` above
    table = _read(path, MANUAL_COLUMNS)
    shape = shapes.ManualDataSetMapping if by_id else shapes.ManualMapping
    _refuse(path, _complaints(path, table.drop("line"), shape))
    return path, table


def refuse_links(path: Path, complaints: Sequence[Complaint]) -> None:
    """Raise `UsageError` when there are complaints about the lines of a mapping table."""
    _refuse(path, [f"{path}:{line}: {sentence}" for line, sentence in complaints])


def _only_one(folder: Path, name: str, *, needed: bool) -> Path | None:
    found = [path for end in ("csv", "parquet") if (path := folder / f"{name}.{end}").exists()]
    if len(found) > 1:
        raise UsageError(
            f"there are two mapping tables {name}",
            where=", ".join(str(path) for path in found),
            remedy="keep one of them",
        )
    if needed and not found:
        raise UsageError(
            f"the mapping table {name} is missing",
            where=str(folder / f"{name}.csv"),
            remedy="`tally init NAME` writes an empty one with its header",
        )
    return found[0] if found else None


def _data_elements(path: Path | None) -> pl.DataFrame:
    from schemas.mapping import DataElementMapping  # noqa: PLC0415  # pandera takes 0.8 s to import

    assert path is not None  # noqa: S101  # `needed` above
    table = _read(path, DATA_ELEMENT_COLUMNS).with_columns(
        category_options=pl.col("category_options")
        .str.replace_all(r"\s*[+\s]\s*", "+")
        .str.split("+")
        .list.sort()
        .list.join("+"),
        rule=pl.when(pl.col("rule") == "").then(pl.lit("only")).otherwise(pl.col("rule")),
    )
    complaints = _complaints(path, table.drop("line"), DataElementMapping)
    complaints += _doubled(path, table, list(SOURCE), "this source stands in two rows")
    lonely = table.filter(pl.col("rule") == "only")
    shared = table.join(lonely.select(TARGET).unique(), on=TARGET, how="semi")
    complaints += _doubled(
        path, shared, list(TARGET), "two sources fill one cell; say how in `rule` (sum, max, min)"
    )
    _refuse(path, complaints)
    return table.drop("line").sort(SOURCE)


def _org_units(path: Path) -> pl.DataFrame:
    from schemas.mapping import OrgUnitMapping  # noqa: PLC0415  # pandera takes 0.8 s to import

    table = _read(path, ORG_UNIT_COLUMNS, may_be_empty=True)
    _refuse(path, _complaints(path, table.drop("line"), OrgUnitMapping))
    return table.drop("line").sort("source_org_unit")


def _read(path: Path, columns: Sequence[str], *, may_be_empty: bool = False) -> pl.DataFrame:
    if path.stat().st_size > MOST_BYTES:
        raise UsageError(
            f"the table is larger than {MOST_BYTES // 2**20} MiB",
            where=str(path),
            remedy="a mapping table has a row per source, not per value; look what is in it",
        )
    raw = _read_parquet(path) if path.suffix == ".parquet" else _read_csv(path)
    known = [name for name in raw.columns if name in columns]
    missing = [name for name in columns if name not in raw.columns and name not in _OPTIONAL]
    missing = [name for name in missing if name != "rule"]
    strange = [name for name in raw.columns if name not in columns and not _is_note(name)]
    if missing or strange:
        parts = [f"no column {name}" for name in missing] + [
            f"unknown column {name}" for name in strange
        ]
        raise UsageError(
            "the header of a mapping table is not as expected: " + ", ".join(parts),
            where=f"{path}:1",
            remedy=f"columns are {', '.join(columns)}; your own begin with note_ or end with _name",
        )
    if raw.is_empty() and not may_be_empty:
        raise UsageError(
            "the mapping table has a header and no row",
            where=str(path),
            remedy=_ROWS_OF.get(path.stem, "add its rows"),
        )
    absent = [pl.lit("").alias(name) for name in columns if name not in known]
    text = pl.col(known).cast(pl.String).fill_null("").str.strip_chars()
    first = 1 if path.suffix == ".parquet" else 2
    return (
        raw.with_row_index("line", offset=first)
        .select("line", text, *absent)
        .select("line", *columns)
    )


def _is_note(column: str) -> bool:
    return column.startswith("note") or column.endswith("_name")


def _read_parquet(path: Path) -> pl.DataFrame:
    try:
        return pl.read_parquet(path, n_rows=MOST_ROWS)
    except (pl.exceptions.PolarsError, OSError) as error:
        raise UsageError(
            "the mapping table cannot be read as Parquet",
            where=str(path),
            remedy="write it again, or keep it as CSV",
        ) from error


def _read_csv(path: Path) -> pl.DataFrame:
    content = path.read_bytes().removeprefix(b"\xef\xbb\xbf")
    header = content.split(b"\n", 1)[0]
    separator = ";" if b";" in header and b"," not in header else ","
    if not content.strip():
        raise UsageError(
            "the mapping table is empty, it has not even a header",
            where=f"{path}:1",
            remedy="`tally init NAME` writes one with its header",
        )
    try:
        content.decode("utf-8")
        return pl.read_csv(
            content,
            separator=separator,
            infer_schema=False,
            n_rows=MOST_ROWS,
        )
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise UsageError(
            "the mapping table is not written in UTF-8",
            where=f"{path}:{line}",
            remedy='save it as "CSV UTF-8"',
        ) from error
    except pl.exceptions.PolarsError as error:
        raise UsageError(
            f"the mapping table cannot be read as CSV: {str(error).splitlines()[0]}",
            where=f"{path}:{_ragged_line(content, separator)}",
            remedy="every row needs as many columns as the header; quote texts with commas",
        ) from error


def _ragged_line(content: bytes, separator: str) -> int:
    lines = content.decode("utf-8").splitlines()
    width = lines[0].count(separator)
    return next((n for n, line in enumerate(lines, 1) if line.count(separator) > width), 1)


def _complaints(path: Path, table: pl.DataFrame, model: type) -> list[str]:
    from schemas.checking import failures  # noqa: PLC0415  # pandera takes 0.8 s to import

    first = 1 if path.suffix == ".parquet" else 2
    return [
        f"{path}:{failure.row + first}: {failure.column}: {failure.value!r} "
        f"{_SENTENCES.get(failure.check, failure.check)}"
        for failure in failures(table, model)
    ]


def _doubled(path: Path, table: pl.DataFrame, columns: list[str], sentence: str) -> list[str]:
    groups = table.group_by(columns, maintain_order=True).agg(pl.col("line"))
    doubled = groups.filter(pl.col("line").list.len() > 1)["line"].to_list()
    return [f"{path}:{lines[1]}: {sentence}; the other is line {lines[0]}" for lines in doubled]


def _refuse(path: Path, complaints: list[str]) -> None:
    if not complaints:
        return
    shown = complaints[:20]
    if len(complaints) > len(shown):
        shown.append(f"… and {len(complaints) - len(shown)} more")
    raise UsageError(
        f"the mapping table {path.name} has {len(complaints)} mistakes",
        where="\n         ".join(shown),
        remedy="mend these lines and run the same command again",
    )
