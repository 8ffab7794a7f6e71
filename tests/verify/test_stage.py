"""A check before a run finds what would go wrong, says what to do, and writes nothing."""

from datetime import date
from pathlib import Path

import pytest

from pipeline.config.reading import read_transfer
from pipeline.dhis2.access.connections import Connection
from pipeline.dhis2.access.credentials import Credentials
from pipeline.dhis2.http.client import Client
from pipeline.files.deployment import Deployment
from pipeline.upkeep.init import suggest
from pipeline.verify.stage import verify
from sandbox.country.build import invent_country
from sandbox.http.server import running
from tests.support.checking import checked, environment, ids
from tests.support.deployments import PASSWORD, Post
from tests.support.village import MORNING, village

GENERATIONS = pytest.mark.parametrize("generation", ["2.42", "2.43"])


@GENERATIONS
def test_a_transfer_that_was_suggested_for_the_country_is_healthy(
    generation: str, tmp_path: Path
) -> None:
    home = Deployment(tmp_path)
    world = invent_country(date(2026, 11, 24), months=2)
    with (
        running(world, generation) as sandbox,
        Client(Connection(sandbox.url, Credentials("tally", PASSWORD))) as client,
    ):
        suggest(home, "fever", environment(sandbox), {})
        before = sorted(tmp_path.rglob("*"))
        findings = checked(Post(home, sandbox, client))

    assert ids(findings) == set()
    assert {finding.severity for finding in findings} <= {"warning", "note"}
    assert sorted(tmp_path.rglob("*")) == before
    assert sandbox.posts("/api") == 0


def test_a_server_that_is_away_is_a_finding_and_not_the_end(tmp_path: Path) -> None:
    with village(tmp_path) as post:
        settings = read_transfer(post.deployment.configuration("fever"))
        connection = Connection(post.sandbox.url, Credentials("tally", PASSWORD), attempts=1)
    with Client(connection) as client:
        findings = verify(
            post.deployment, "fever", settings, {}, source=client, target=client, now=MORNING
        )

    assert [finding.finding_id for finding in findings] == ["source-server", "target-server"]
    assert all(finding.remedy for finding in findings)


def test_a_wrong_password_is_a_finding_for_each_side(tmp_path: Path) -> None:
    with village(tmp_path) as post:
        stranger = Connection(post.sandbox.url, Credentials("tally", "wrong"))
        settings = read_transfer(post.deployment.configuration("fever"))
        with Client(stranger) as client:
            findings = verify(
                post.deployment, "fever", settings, {}, source=client, target=client, now=MORNING
            )

    assert ids(findings, "error") == {"source-server", "target-server"}
    assert "wrong" not in str(findings)


def test_every_error_and_warning_says_what_to_do(tmp_path: Path) -> None:
    with village(tmp_path) as post:
        post.world.metadata["dataSets"][0]["periodType"] = "Quarterly"
        post.world.metadata["dataSets"][0]["organisationUnits"].pop()
        post.configure(org_units={"assigned_only": False})
        post.world.output_period_types = []
        post.world.last_analytics_success = None
        findings = checked(post)

    assert len(ids(findings)) >= 4
    assert [one.finding_id for one in findings if not one.remedy and one.severity != "note"] == []
