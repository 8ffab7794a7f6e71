"""P15 for what people open: page and workbook have the same bytes in any seed, zone or language."""

import hashlib
import os
import subprocess
import sys
from pathlib import Path

from pipeline.report.discrepancies.book import discrepancies_as_xlsx
from pipeline.report.discrepancies.page import discrepancies_as_html
from tests.support.overviews import hostile

ROOT = Path(__file__).parents[2]
ELSEWHERE = {"PYTHONHASHSEED": "4711", "TZ": "Asia/Kathmandu", "LC_ALL": "C"}


def fingerprint() -> str:
    """Give one fingerprint of the page and the workbook of the same overview."""
    overview = hostile()
    written = discrepancies_as_html(overview).encode() + discrepancies_as_xlsx(overview)
    return hashlib.sha256(written).hexdigest()


def test_the_page_and_the_workbook_are_the_same_bytes_elsewhere() -> None:
    elsewhere = subprocess.run(
        [sys.executable, "-c", "from tests.laws.test_reports import *; print(fingerprint())"],
        cwd=ROOT,
        env={**os.environ, **ELSEWHERE},
        capture_output=True,
        text=True,
        check=True,
    )

    assert elsewhere.stdout.strip() == fingerprint()
