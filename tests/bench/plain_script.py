"""Move counts from tracker to aggregate in one script, as many countries do it today.

It asks for a month at a time, keeps everything in dicts, and posts all values it has, 10,000 a
request. It keeps nothing from run to run, so every night it posts all of them again, and what
tracker no longer counts stays in the form.
"""

import csv
import os
import sys
from collections import defaultdict

import requests

DATA_SET = "dsMonthly01"
ROOT = "ouCountry01"
SITE_LEVEL = 3
VALUES_A_REQUEST = 10_000


def read_mapping(path: str) -> dict[str, tuple[str, str]]:
    """Read which cell of the form each program indicator fills."""
    with open(path, encoding="utf-8", newline="") as file:  # noqa: PTH123  # as people write it
        return {
            row["program_indicator"]: (row["data_element"], row["category_option_combo"])
            for row in csv.DictReader(file)
        }


def extract(
    session: requests.Session, server: str, mapping: dict[str, tuple[str, str]], month: str
) -> list[list[str]]:
    """Ask for all indicators and sites of a month: indicator, period, org unit, value."""
    dimensions = [
        ("dimension", f"dx:{';'.join(mapping)}"),
        ("dimension", f"pe:{month}"),
        ("dimension", f"ou:LEVEL-{SITE_LEVEL};{ROOT}"),
        ("skipMeta", "true"),
    ]
    answer = session.get(f"{server}/api/analytics.json", params=dimensions, timeout=300)
    answer.raise_for_status()
    rows: list[list[str]] = answer.json()["rows"]
    return rows


def load(session: requests.Session, server: str, values: list[dict[str, str]]) -> bool:
    """Post values; tell whether the server took them all."""
    answer = session.post(
        f"{server}/api/dataValueSets",
        params={"importStrategy": "CREATE_AND_UPDATE"},
        json={"dataSet": DATA_SET, "dataValues": values},
        timeout=300,
    )
    answer.raise_for_status()
    return bool(answer.json()["response"]["status"] == "SUCCESS")


def main(server: str, mapping_path: str, months: list[str]) -> int:
    """Do all of it."""
    session = requests.Session()
    session.auth = (os.environ["DHIS2_USERNAME"], os.environ["DHIS2_PASSWORD"])
    mapping = read_mapping(mapping_path)

    totals: dict[tuple[str, str, str, str], float] = defaultdict(float)
    for month in months:
        for indicator, period, org_unit, value in extract(session, server, mapping, month):
            element, combo = mapping[indicator]
            totals[element, combo, period, org_unit] += float(value)

    values = [
        {
            "dataElement": element,
            "categoryOptionCombo": combo,
            "period": period,
            "orgUnit": org_unit,
            "value": str(round(total)),
        }
        for (element, combo, period, org_unit), total in totals.items()
    ]
    refused = 0
    for start in range(0, len(values), VALUES_A_REQUEST):
        if not load(session, server, values[start : start + VALUES_A_REQUEST]):
            refused += 1
    print(f"{len(values)} values posted, {refused} requests were not taken whole")  # noqa: T201  # as people write it
    return 1 if refused else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2], sys.argv[3:]))
