"""A hash of what a configuration means to a plan."""

import hashlib

from pipeline.config.sections import Transfer

# How a server is reached, and how long it is waited for; a plan is the same whatever these say,
# and letters of a load advise to change them before it goes on.
REACHING = {"ca_bundle", "allow_insecure", "read_timeout", "retry_budget", "max_answer_mebibytes"}


def config_fingerprint(settings: Transfer) -> str:
    """The SHA-256 of what a configuration means to a plan.

    What is compared or kept is nothing to it, nor is how a server is reached (`REACHING`).
    """
    meant = settings.model_dump_json(
        exclude={"compare": True, "keep": True, "source": REACHING, "target": REACHING}
    )
    return hashlib.sha256(meant.encode()).hexdigest()
