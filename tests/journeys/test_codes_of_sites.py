"""Codes and names that a spreadsheet changed are found beforehand, and never counted elsewhere."""

import csv
from pathlib import Path

import pytest

from pipeline.text.errors import ExitCode
from tests.support.deployments import NAME
from tests.support.paper import manual_file
from tests.support.terminal import run, tally
from tests.support.village import CLINICS, tracker, village

CALLED = {"a": ("0012", "Poste de santé Kolo"), "b": ("12", "Hill clinic"), "c": ("0034", "N'Dali")}
COUNTED = """
    month  | clinic | what  | number
    202608 | a      | cases | 5
    202609 | a      | cases | 5
    202610 | a      | cases | 5
    202610 | b      | cases | 6
    202608 | c      | cases | 7
    202609 | c      | cases | 7
    202610 | c      | cases | 7
"""
FILE = (
    "data_element,period,org_unit,value\n"
    "paCases0001,202608,'0012,5\n"
    "PACASES0001,202609,\u200bPoste  de sante\u0301\u00a0Kolo,5\n"
    "paCases0001,202610,12,5\n"
    "paCases0001,202608,N\u2019DALI,7\n"
    "paCases0001,202609,34.0,7\n"
    "paCases0001,202610,3.4E+1,7\n"
)


@pytest.mark.parametrize("generation", ["2.42", "2.43"])
def test_one_is_one_two_are_told_with_both_and_what_was_rounded_is_told_as_such(
    tmp_path: Path, generation: str
) -> None:
    with village(tmp_path, generation) as post:
        for unit in post.world.metadata["organisationUnits"][1:]:
            code, name = CALLED[unit["id"][-1]]
            unit |= {"code": code, "name": name}
        tracker(post, COUNTED)
        manual_file(post, FILE)

        checked = tally(post, "verify", NAME)
        done = run(post)

        assert done.code == ExitCode.DONE
        folder = max(path for path in post.deployment.runs(NAME).iterdir() if path.is_dir())
        with (folder / "discrepancies.csv").open(newline="") as lines:
            agreements = {
                (row["org_unit"], row["period"]): row["agreement"] for row in csv.DictReader(lines)
            }
        page = (folder / "discrepancies.html").read_text()

    same = [("a", "202608"), ("a", "202609"), ("c", "202608"), ("c", "202609")]
    assert agreements == {(CLINICS[clinic], month): "same" for clinic, month in same}
    both = f"12: 0012 ({CLINICS['a']}) or 12 ({CLINICS['b']})"
    rounded = f"3.4E+1: 0034 ({CLINICS['c']})"
    for told in (checked.out, page):
        assert both in told
        assert rounded in told
        assert "a spreadsheet rounded this code" in told
