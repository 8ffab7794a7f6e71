"""A check of the village's transfer, and what it found."""

from contextlib import ExitStack
from datetime import datetime

from pipeline.config.reading import read_transfer
from pipeline.dhis2.access.connections import Connection
from pipeline.dhis2.access.credentials import Credentials
from pipeline.dhis2.http.client import Client
from pipeline.verify.rules.findings import Finding
from pipeline.verify.stage import verify
from sandbox.http.server import Sandbox
from tests.support.deployments import NAME, PASSWORD, Post


def environment(sandbox: Sandbox) -> dict[str, str]:
    """Give what a person would set to reach a sandbox."""
    return {"DHIS2_URL": sandbox.url, "DHIS2_USERNAME": "tally", "DHIS2_PASSWORD": PASSWORD}


def checked(
    post: Post,
    *,
    name: str = NAME,
    account: str = "tally",
    target: Sandbox | None = None,
    now: datetime | None = None,
) -> list[Finding]:
    """Check a transfer of a post as its clock stands, on one server or two."""
    with ExitStack() as stack:
        source, filled = (
            stack.enter_context(Client(Connection(server.url, Credentials(account, PASSWORD))))
            for server in (post.sandbox, target or post.sandbox)
        )
        return verify(
            post.deployment,
            name,
            read_transfer(post.deployment.configuration(name)),
            environment(post.sandbox),
            source=source,
            target=filled,
            now=now or post.world.clock(),
        )


def ids(findings: list[Finding], *severities: str) -> set[str]:
    """Give what was found, of some severities or all but notes."""
    wanted = severities or ("error", "warning")
    return {finding.finding_id for finding in findings if finding.severity in wanted}


def one(findings: list[Finding], finding_id: str) -> Finding:
    """Give the one finding of this id."""
    (found,) = [finding for finding in findings if finding.finding_id == finding_id]
    return found
