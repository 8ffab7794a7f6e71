"""What commands share means the same in all of them."""

import os
from pathlib import Path
from unittest import mock

import pytest
import typer

from pipeline.cli.arguments import allowed, deployment, end
from pipeline.text.errors import ExitCode


def test_a_guard_is_passed_with_a_reason_or_not_at_all() -> None:
    assert allowed(None, "") == {}
    assert allowed(["old-plan", "retractions"], "read on Monday") == {
        "old-plan": "read on Monday",
        "retractions": "read on Monday",
    }
    with pytest.raises(typer.BadParameter, match="--allow needs --reason"):
        allowed(["old-plan"], "  ")


def test_the_deployment_is_where_the_environment_says_or_where_the_command_runs(
    tmp_path: Path,
) -> None:
    with mock.patch.dict(os.environ, {"TALLY_HOME": str(tmp_path)}):
        assert deployment().root == tmp_path
    with mock.patch.dict(os.environ, {"TALLY_HOME": ""}):
        assert deployment().root == Path.cwd()


def test_a_command_that_is_done_goes_on_and_any_other_ends_with_its_code() -> None:
    end(ExitCode.DONE)
    with pytest.raises(typer.Exit) as ended:
        end(ExitCode.FINDINGS)
    assert ended.value.exit_code == ExitCode.FINDINGS
