"""The CSV has every cell, an empty field for silence, and no text that a spreadsheet would run."""

import csv
from io import StringIO

from pipeline.report.discrepancies.csv import DISCREPANCY_COLUMNS, discrepancies_as_csv
from tests.support.hostile import HOSTILE
from tests.support.overviews import invented


def lines(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(StringIO(text)))


def number(text: str) -> float | None:
    return float(text) if text else None


def test_every_cell_is_one_line_in_the_order_of_the_overview() -> None:
    overview = invented(sites=12)

    told = lines(discrepancies_as_csv(overview))

    assert tuple(told[0]) == DISCREPANCY_COLUMNS
    sides = ("tracker_value", "manual_value", "difference")
    read = [(row["org_unit"], *(number(row[side]) for side in sides)) for row in told]
    assert read == overview.cells.select("org_unit", *sides).rows()
    assert any(row["tracker_value"] == "" for row in told)
    assert any(row["difference"].startswith("-") for row in told)


def test_a_name_is_never_a_formula_and_a_negative_number_stays_one() -> None:
    overview = invented(sites=len(HOSTILE), districts=("=D",), site_names=HOSTILE)

    for row in lines(discrepancies_as_csv(overview)):
        texts = [
            row[name]
            for name in DISCREPANCY_COLUMNS
            if name.endswith("_name") or name == "district"
        ]
        assert not [text for text in texts if text.startswith(("=", "-", "@", "\t", "\r", "\n"))]
        assert "'" not in row["difference"]


def test_the_same_overview_gives_the_same_bytes() -> None:
    assert discrepancies_as_csv(invented(seed=3)) == discrepancies_as_csv(invented(seed=3))
