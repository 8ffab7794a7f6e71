"""A run's log has a whole line for each event, and the secret of none."""

import json
from pathlib import Path
from typing import Any

import pytest
import structlog

from pipeline.run.logs import LOG_FILE, hide_secrets, log_to_stderr, logging_into


def lines(folder: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (folder / LOG_FILE).read_text().splitlines()]


def test_events_of_a_run_are_lines_of_its_log(tmp_path: Path) -> None:
    with logging_into(tmp_path):
        structlog.get_logger().info("stage begins", stage="plan", cells=5)
        structlog.get_logger().error("stage failed")

    first, second = lines(tmp_path)
    assert (first["event"], first["level"], first["stage"], first["cells"]) == (
        *("stage begins", "info", "plan", 5),
    )
    assert first["timestamp"].endswith("Z")
    assert second["level"] == "error"


def test_what_is_said_in_detail_is_not_logged(tmp_path: Path) -> None:
    with logging_into(tmp_path):
        structlog.get_logger().debug("a detail")

    assert not (tmp_path / LOG_FILE).exists()


def test_a_run_that_goes_on_adds_to_its_log(tmp_path: Path) -> None:
    for event in ("first", "second"):
        with logging_into(tmp_path):
            structlog.get_logger().info(event)

    assert [line["event"] for line in lines(tmp_path)] == ["first", "second"]


def test_after_a_run_only_errors_are_told_and_on_stderr(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken_off() -> None:
        with logging_into(tmp_path):
            structlog.get_logger().info("inside")
            raise RuntimeError("gone")

    with pytest.raises(RuntimeError, match="gone"):
        broken_off()
    structlog.get_logger().info("on the way")
    structlog.get_logger().error("a fault")

    said = capsys.readouterr()
    assert [json.loads(line)["event"] for line in said.err.splitlines()] == ["a fault"]
    assert said.out == ""
    assert [line["event"] for line in lines(tmp_path)] == ["inside"]
    log_to_stderr()


def test_whatever_has_a_secrets_name_is_hidden_and_nothing_else() -> None:
    secret = ["password", "api_token", "PAT", "Set_Cookie", "client_secret"]
    plain = ["path", "patient_rows", "tokens"]

    told = hide_secrets(None, "info", dict.fromkeys([*secret, *plain], "canary"))

    assert told == dict.fromkeys(secret, "***") | dict.fromkeys(plain, "canary")


def test_a_secret_that_is_bound_to_a_logger_does_not_reach_the_log(tmp_path: Path) -> None:
    with logging_into(tmp_path):
        structlog.get_logger().bind(authorization="canary").info("asked", token="canary")

    assert "canary" not in (tmp_path / LOG_FILE).read_text()
