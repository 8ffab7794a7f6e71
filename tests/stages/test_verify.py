"""A check before a run finds what would go wrong, and says what to do."""

import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from pipeline.config import read_transfer
from pipeline.dhis2.client import Client
from pipeline.dhis2.connections import Connection
from pipeline.dhis2.credentials import Credentials
from pipeline.reports.verify import as_markdown
from pipeline.runs import Deployment
from pipeline.sandbox.country import Clock, invent_country
from pipeline.sandbox.identifiers import uid
from pipeline.sandbox.server import Sandbox, running
from pipeline.stages.init import suggest
from pipeline.stages.verify import verify
from pipeline.transform.findings import Finding, worst

DAY = date(2026, 11, 24)
GENERATIONS = pytest.mark.parametrize("generation", ["2.42", "2.43"])


def deployed(folder: Path, sandbox: Sandbox, **choices: object) -> Deployment:
    environment = {
        "DHIS2_URL": sandbox.url,
        "DHIS2_USERNAME": "tally",
        "DHIS2_PASSWORD": "district",
    }
    suggest(Deployment(folder), "fever", environment, choices)
    return Deployment(folder)


def checked(home: Deployment, sandbox: Sandbox, account: str = "tally") -> list[Finding]:
    settings = read_transfer(home.configuration("fever"))
    clock = sandbox.world.clock()
    with Client(Connection(sandbox.url, Credentials(account, "district"))) as client:
        return verify(home, "fever", settings, source=client, target=client, now=clock)


def ids(findings: list[Finding], severity: str = "error") -> list[str]:
    return [finding.finding_id for finding in findings if finding.severity == severity]


@GENERATIONS
def test_a_healthy_transfer_has_no_error(generation: str, tmp_path: Path) -> None:
    with running(invent_country(DAY, months=4), generation) as sandbox:
        home = deployed(tmp_path, sandbox)

        findings = checked(home, sandbox)

    assert ids(findings) == []
    assert worst(findings) == "warning"
    assert ids(findings, "warning") == ["not-assigned"]
    assert "one-server" in ids(findings, "note")


@GENERATIONS
def test_an_account_without_rights_and_one_with_all_are_found(
    generation: str, tmp_path: Path
) -> None:
    with running(invent_country(DAY, months=4), generation) as sandbox:
        home = deployed(tmp_path, sandbox)

        powerless = checked(home, sandbox, "powerless")
        superuser = checked(home, sandbox, "admin")

    assert {"source-rights", "target-rights"} <= set(ids(powerless))
    assert {"source-superuser", "target-superuser"} <= set(ids(superuser, "warning"))


def test_what_the_mapping_lacks_is_named(tmp_path: Path) -> None:
    with running(invent_country(DAY, months=4), "2.42") as sandbox:
        home = deployed(tmp_path, sandbox)
        table = home.mappings("fever") / "data_elements.csv"
        lines = table.read_text().splitlines()
        kept = [line for line in lines if not line.startswith(uid("PI_WEIGHT"))]
        sexes = [line for line in kept if line.startswith(uid("PI_DEATHS"))]
        table.write_text("\n".join(line for line in kept if line != sexes[0]) + "\n")

        findings = checked(home, sandbox)

    assert ids(findings, "warning")[:2] == ["unmapped-indicators", "missing-options"]


def test_a_mapping_that_does_not_fit_the_forms_is_an_error(tmp_path: Path) -> None:
    with running(invent_country(DAY, months=4), "2.43") as sandbox:
        home = deployed(tmp_path, sandbox)
        table = home.mappings("fever") / "data_elements.csv"
        table.write_text(table.read_text().replace(uid("T_WEIGHT"), uid("P_CASES")))
        settings = home.configuration("fever")
        settings.write_text(settings.read_text().replace('type = "Monthly"', 'type = "Weekly"'))

        findings = checked(home, sandbox)

    assert {"element-not-in-data-set", "period-type"} <= set(ids(findings))


def test_stale_analytics_and_a_wrong_clock_are_found(tmp_path: Path) -> None:
    with running(invent_country(DAY, months=4), "2.42") as sandbox:
        home = deployed(tmp_path, sandbox)
        clock = sandbox.world.clock
        assert isinstance(clock, Clock)
        before = clock.now
        clock.now += timedelta(days=3, minutes=7)
        settings = read_transfer(home.configuration("fever"))
        with Client(Connection(sandbox.url, Credentials("tally", "district"))) as client:
            findings = verify(home, "fever", settings, source=client, target=client, now=before)

    assert "stale-analytics" in ids(findings)
    assert {"source-clock", "target-clock"} <= set(ids(findings, "warning"))


def test_two_transfers_that_fill_the_same_cells_are_found(tmp_path: Path) -> None:
    with running(invent_country(DAY, months=4), "2.42") as sandbox:
        home = deployed(tmp_path, sandbox)
        environment = {
            "DHIS2_URL": sandbox.url,
            "DHIS2_USERNAME": "tally",
            "DHIS2_PASSWORD": "district",
        }
        suggest(home, "twin", environment, {})

        findings = checked(home, sandbox)

    assert "overlapping-transfers" in ids(findings)


def test_a_server_that_is_away_is_a_finding_and_not_the_end(tmp_path: Path) -> None:
    with running(invent_country(DAY, months=4), "2.42") as sandbox:
        home = deployed(tmp_path, sandbox)
    settings = read_transfer(home.configuration("fever"))
    connection = Connection(sandbox.url, Credentials("tally", "district"), attempts=1)
    with Client(connection) as client:
        findings = verify(
            home, "fever", settings, source=client, target=client, now=datetime.now(tz=UTC)
        )

    assert ids(findings) == ["source-server", "target-server"]
    assert all(finding.remedy for finding in findings)


def test_findings_are_told_with_the_worst_first() -> None:
    findings = [
        Finding("small", "note", "a small thing"),
        Finding("big", "error", "a big thing", "here", "do this"),
    ]

    told = as_markdown("fever", findings)

    assert told.index("big thing") < told.index("small thing")
    assert "to do: do this" in told
    assert json.dumps([finding.as_record() for finding in findings])
