"""The site register is read with a complaint for each wrong line."""

from datetime import date
from pathlib import Path

import pytest

from pipeline.tables import read_sites, sites_fingerprint
from pipeline.text.errors import UsageError

HEADER = "org_unit,data_element,data_set,reports,from_period,to_period,favour"


def written(folder: Path, *lines: str) -> Path:
    (folder / "sites.csv").write_text("\n".join([HEADER, *lines]) + "\n")
    return folder


def test_no_file_is_an_empty_register(tmp_path: Path) -> None:
    assert read_sites(tmp_path).is_empty()


def test_periods_are_read_as_days_and_an_empty_one_is_no_bound(tmp_path: Path) -> None:
    folder = written(
        tmp_path,
        "ouClinic00a,,,Manual,,202606,",
        "ouClinic00a,,,tracker,2026Q3,,",
        "ouClinic00b,,dsMonthly01,both,202601,202612,manual",
    )

    told = read_sites(folder)

    assert told.select("line", "reports", "first_day", "last_day").rows() == [
        (2, "manual", date(1900, 1, 1), date(2026, 6, 30)),
        (3, "tracker", date(2026, 7, 1), date(2199, 12, 31)),
        (4, "both", date(2026, 1, 1), date(2026, 12, 31)),
    ]


def test_another_order_of_rows_says_the_same(tmp_path: Path) -> None:
    lines = ["ouClinic00a,,,manual,,202606,", "ouClinic00b,,,tracker,,,"]
    first = sites_fingerprint(read_sites(written(tmp_path, *lines)))
    second = sites_fingerprint(read_sites(written(tmp_path, *lines[::-1])))
    third = sites_fingerprint(read_sites(written(tmp_path, lines[0])))

    assert first == second != third


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("clinic,,,manual,,,", "org_unit: 'clinic' is not a UID"),
        ("ouClinic00a,,,paper,,,", "reports: 'paper' is not one of tracker, manual, both"),
        ("ouClinic00a,,,both,,,", "favour: both report; say in favour of whom"),
        ("ouClinic00a,,,both,,,clerk", "favour: 'clerk' is not one of tracker, manual"),
        ("ouClinic00a,,,manual,,,tracker", "favour: only where both report"),
        ("ouClinic00a,,,manual,2026-13,,", "from_period: '2026-13' is not a period"),
        ("ouClinic00a,,,manual,209913,,", "'209913' is not a period"),
        ("ouClinic00a,,,manual,202612,202601,", "to_period: 202601 ends before 202612 begins"),
        ("ouClinic00a,deCases0001,dsMonthly01,manual,,,", "a data element or a data set, not both"),
    ],
)
def test_each_wrong_line_is_named(tmp_path: Path, line: str, sentence: str) -> None:
    with pytest.raises(UsageError) as told:
        read_sites(written(tmp_path, "ouClinic00b,,,tracker,,,", line))

    assert f"{tmp_path}/sites.csv:3: " in told.value.where
    assert sentence in told.value.where
