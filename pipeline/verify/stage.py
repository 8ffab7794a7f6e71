"""Check a transfer before it runs: both servers, the accounts, the forms, the mapping."""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime

from pipeline.config.sections import Transfer
from pipeline.dhis2.http.client import Client
from pipeline.files.deployment import Deployment
from pipeline.text.errors import TallyError
from pipeline.verify.checks.accounts import account_findings
from pipeline.verify.checks.asking import asked_findings
from pipeline.verify.checks.comparison import comparison_findings
from pipeline.verify.checks.context import (
    CheckedServer,
    VerifyContext,
    as_finding,
    read_verify_context,
)
from pipeline.verify.checks.decisions import decision_findings
from pipeline.verify.checks.forms import form_findings
from pipeline.verify.checks.ledger import ledger_findings
from pipeline.verify.checks.mapping import hole_findings
from pipeline.verify.checks.overlaps import overlap_findings
from pipeline.verify.checks.servers import server_findings
from pipeline.verify.checks.sites import register_findings
from pipeline.verify.rules.findings import Finding

CHECKS: Mapping[str, Callable[[VerifyContext], Iterator[Finding]]] = {
    "servers": server_findings,
    "accounts": account_findings,
    "forms": form_findings,
    "mapping": hole_findings,
    "sites": register_findings,
    "decisions": decision_findings,
    "ledger": ledger_findings,
    "overlaps": overlap_findings,
    "compare": comparison_findings,
    "asked": asked_findings,
}


def verify(
    deployment: Deployment,
    name: str,
    settings: Transfer,
    environment: Mapping[str, str],
    *,
    source: Client,
    target: Client,
    now: datetime,
) -> list[Finding]:
    """Give every finding about a transfer; nothing is written, and no check stops the others.

    `environment` holds the credentials of other transfers, which may fill the same cells.
    """
    sides = CheckedServer("source", source), CheckedServer("target", target)
    context, findings = read_verify_context(
        VerifyContext(name, settings, deployment, environment, now, *sides)
    )
    for title, check in CHECKS.items():
        try:
            findings += check(context)
        except TallyError as letter:
            findings.append(as_finding(title, letter))
    return list(dict.fromkeys(findings))
