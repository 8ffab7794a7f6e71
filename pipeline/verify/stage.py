"""Check a transfer before it runs: both servers, the accounts, the forms, the mapping."""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime

from pipeline.config.sections import Transfer
from pipeline.dhis2.http.client import Client
from pipeline.files.deployment import Deployment
from pipeline.text.errors import TallyError
from pipeline.verify.checks.accounts import check_accounts
from pipeline.verify.checks.comparison import check_comparison
from pipeline.verify.checks.context import (
    CheckedServer,
    VerifyContext,
    as_finding,
    read_verify_context,
)
from pipeline.verify.checks.decisions import check_decisions
from pipeline.verify.checks.disaggregation import check_disaggregation
from pipeline.verify.checks.forms import check_forms
from pipeline.verify.checks.indicators import check_indicators
from pipeline.verify.checks.ledger import check_ledger
from pipeline.verify.checks.mapping import check_mapping
from pipeline.verify.checks.overlaps import check_overlaps
from pipeline.verify.checks.readings import check_readings
from pipeline.verify.checks.servers import check_servers
from pipeline.verify.checks.sites import check_sites
from pipeline.verify.checks.twins import check_twins
from pipeline.verify.rules.findings import Finding

CHECKS: Mapping[str, Callable[[VerifyContext], Iterator[Finding]]] = {
    "servers": check_servers,
    "accounts": check_accounts,
    "forms": check_forms,
    "readings": check_readings,
    "mapping": check_mapping,
    "twins": check_twins,
    "sites": check_sites,
    "decisions": check_decisions,
    "ledger": check_ledger,
    "overlaps": check_overlaps,
    "compare": check_comparison,
    "asked": check_disaggregation,
    "asked-alone": check_indicators,
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
    """Every finding about a transfer; nothing is written, and no check stops the others.

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
