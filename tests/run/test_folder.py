"""A run has a folder named after its moment; the newest is found, and one that is named."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from pipeline.files.deployment import Deployment
from pipeline.run.folder import find_run, new_run
from pipeline.text.errors import UsageError

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


def test_two_runs_of_one_second_have_two_folders(tmp_path: Path) -> None:
    deployment = Deployment(tmp_path)

    runs = [new_run(deployment, "fever", NOON).run_id for _ in range(3)]

    assert runs == ["20261120T120000Z", "20261120T120000Z-01", "20261120T120000Z-02"]
    assert find_run(deployment, "fever", None).run_id == runs[-1]
    assert find_run(deployment, "fever", runs[0]).run_id == runs[0]


@pytest.mark.parametrize("run_id", [None, "20261120T120000Z"])
def test_a_run_that_is_not_there_is_told(tmp_path: Path, run_id: str | None) -> None:
    with pytest.raises(UsageError, match="no run") as raised:
        find_run(Deployment(tmp_path), "fever", run_id)

    assert raised.value.remedy == "see `tally run fever`"


def test_a_file_that_is_missing_is_asked_of_its_command(tmp_path: Path) -> None:
    run = new_run(Deployment(tmp_path), "fever", NOON)

    with pytest.raises(UsageError, match=r"no plan\.parquet yet") as raised:
        run.require("plan.parquet", "plan")

    assert raised.value.remedy == "`tally plan fever` makes it"
