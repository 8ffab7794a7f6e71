"""Find whether the ledger knows the target, before a plan asks."""

from collections.abc import Iterator

from pipeline.plan.rules.guards import ANOTHER_TARGET
from pipeline.store.transfer import Store
from pipeline.verify.checks.context import VerifyContext
from pipeline.verify.rules.findings import Finding
from schemas.server import may_be_same_system


def check_ledger(context: VerifyContext) -> Iterator[Finding]:
    """A warning when what is ours was written to another system than the target is now."""
    if context.target.info is None:
        return
    here = context.target.info.system_id
    known_as = Store(context.deployment.store(context.name)).known_as(here)
    if not may_be_same_system(known_as, here):
        yield Finding(
            ANOTHER_TARGET,
            "warning",
            f"what is ours was written to system {known_as}, and the target is system {here}",
            context.target.client.connection.base,
            f"if the server was moved, `tally plan {context.name} --allow {ANOTHER_TARGET} "
            '--reason "…"` goes on with it; another server needs a transfer of its own',
        )
