"""What came of a dry run or a load decides with which code the command ends."""

import json

import pytest

from pipeline.cli.outcomes import show_dry_run
from pipeline.text.errors import ExitCode

SOUND = {
    "status": "SUCCESS",
    "http_status": 200,
    "imported": 2,
    "updated": 1,
    "ignored": 0,
    "deleted": 0,
}
REFUSED = {**SOUND, "status": "WARNING", "imported": 0, "ignored": 2}


@pytest.mark.parametrize(
    ("summaries", "code"),
    [
        ([], ExitCode.DONE),
        ([SOUND, SOUND], ExitCode.DONE),
        ([SOUND, REFUSED], ExitCode.PARTLY_LOADED),
    ],
)
def test_one_summary_that_is_no_success_is_a_load_that_would_be_partial(
    summaries: list[dict[str, object]], code: ExitCode, capsys: pytest.CaptureFixture[str]
) -> None:
    assert show_dry_run(summaries, as_json=True) == code
    assert json.loads(capsys.readouterr().out) == summaries

    assert show_dry_run(summaries, as_json=False) == code
    said = capsys.readouterr()
    assert ("What the server says it would do" in said.out) == bool(summaries)
    assert ("the server was asked nothing" in said.err) == (not summaries)
