"""Failpoints are inert for everybody but a test that names one."""

from pathlib import Path

import pytest

from pipeline.probes.failpoints import reach


def test_nothing_happens_unless_it_is_a_test(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    trace = tmp_path / "places"
    monkeypatch.setenv("TALLY_FAILPOINT", "here#1")
    monkeypatch.setenv("TALLY_FAILPOINT_TRACE", str(trace))
    for testing in ("", "0", "yes"):
        monkeypatch.setenv("TALLY_TESTING", testing)
        reach("here")

    monkeypatch.setenv("TALLY_TESTING", "1")
    reach("there")
    reach("there")

    assert trace.read_text() == "there#1\nthere#2\n"
