"""Do in one script what Tally does: ask, read the form, send what differs, read back, remember.

It is what a careful person would write in plain Python: dicts for everything, and its own past in
one Parquet file. It posts only changes, removes what it wrote and tracker no longer counts, leaves
alone what it did not write, and believes a write only when it reads it back.
"""

import csv
import io
import os
import sys
from collections import defaultdict
from pathlib import Path

import pyarrow as pa
import requests
from pyarrow import parquet

DATA_SET = "dsMonthly01"
DEFAULT = "cocDefault1"
ROOT = "ouCountry01"
SITE_LEVEL = 3
VALUES_A_REQUEST = 5_000
Cell = tuple[str, str, str, str]


def read_mapping(path: str) -> dict[str, tuple[str, str]]:
    """Read which cell of the form each program indicator fills."""
    with open(path, encoding="utf-8", newline="") as file:  # noqa: PTH123  # as people write it
        return {
            row["program_indicator"]: (row["data_element"], row["category_option_combo"])
            for row in csv.DictReader(file)
        }


def extract(
    session: requests.Session, server: str, mapping: dict[str, tuple[str, str]], months: list[str]
) -> dict[Cell, float]:
    """Ask for all indicators and sites, a month at a time; add up what fills one cell."""
    totals: dict[Cell, float] = defaultdict(float)
    for month in months:
        dimensions = [
            ("dimension", f"dx:{';'.join(mapping)}"),
            ("dimension", f"pe:{month}"),
            ("dimension", f"ou:LEVEL-{SITE_LEVEL};{ROOT}"),
            ("skipMeta", "true"),
        ]
        answer = session.get(f"{server}/api/analytics.json", params=dimensions, timeout=300)
        answer.raise_for_status()
        for indicator, period, org_unit, value in answer.json()["rows"]:
            element, combo = mapping[indicator]
            totals[element, combo, period, org_unit] += float(value)
    return totals


def read_form(session: requests.Session, server: str, months: list[str]) -> dict[Cell, str]:
    """Read what the form holds."""
    asked = [("dataSet", DATA_SET), ("orgUnit", ROOT), ("children", "true")]
    asked += [("period", month) for month in months]
    answer = session.get(f"{server}/api/dataValueSets.csv", params=asked, timeout=300)
    answer.raise_for_status()
    return {
        (row["dataelement"], row["categoryoptioncombo"], row["period"], row["orgunit"]): row[
            "value"
        ]
        for row in csv.DictReader(io.StringIO(answer.text))
        if row["deleted"] != "true"
    }


def read_past(path: Path) -> dict[Cell, str]:
    """Read what this script wrote before."""
    if not path.exists():
        return {}
    columns = parquet.read_table(path).to_pydict()
    names = ("element", "combo", "period", "site")
    cells = zip(*(columns[name] for name in names), strict=True)
    return dict(zip(cells, columns["value"], strict=True))


def keep_past(path: Path, ours: dict[Cell, str]) -> None:
    """Remember what this script wrote, and what stands there by it."""
    names = ("element", "combo", "period", "site")
    columns = dict(zip(names, map(list, zip(*ours, strict=True)), strict=True))
    parquet.write_table(pa.table(columns | {"value": [*ours.values()]}), path)


def load(session: requests.Session, server: str, values: dict[Cell, str | None]) -> None:
    """Post values, and remove those that are None."""
    rows = [
        {
            "dataElement": element,
            "categoryOptionCombo": combo,
            "attributeOptionCombo": DEFAULT,
            "period": period,
            "orgUnit": org_unit,
            **({"value": "0", "deleted": True} if value is None else {"value": value}),
        }
        for (element, combo, period, org_unit), value in values.items()
    ]
    for start in range(0, len(rows), VALUES_A_REQUEST):
        body = {"dataSet": DATA_SET, "dataValues": rows[start : start + VALUES_A_REQUEST]}
        answer = session.post(
            f"{server}/api/dataValueSets",
            params={"importStrategy": "CREATE_AND_UPDATE"},
            json=body,
            timeout=300,
        )
        answer.raise_for_status()


def main(server: str, mapping_path: str, past_path: str, months: list[str]) -> int:
    """Do all of it; 1 when something does not stand as it was meant."""
    session = requests.Session()
    session.auth = (os.environ["DHIS2_USERNAME"], os.environ["DHIS2_PASSWORD"])
    counted = extract(session, server, read_mapping(mapping_path), months)
    wanted = {cell: str(round(total)) for cell, total in counted.items()}
    ours, held = read_past(Path(past_path)), read_form(session, server, months)

    changes: dict[Cell, str | None] = {}
    for cell, value in wanted.items():
        now = held.get(cell)
        if now != value and now == ours.get(cell):
            changes[cell] = value
    for cell, value in ours.items():
        if cell not in wanted and held.get(cell) == value:
            changes[cell] = None
    load(session, server, changes)

    after = read_form(session, server, months) if changes else held
    lost = sum(after.get(cell) != value for cell, value in changes.items())
    kept = {cell: value for cell, value in after.items() if wanted.get(cell) == value}
    keep_past(Path(past_path), kept)
    print(f"{len(changes)} values sent, {lost} did not arrive")  # noqa: T201  # as people write it
    return 1 if lost else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2], sys.argv[3], sys.argv[4:]))
