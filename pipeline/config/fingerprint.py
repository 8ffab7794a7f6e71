"""A hash of what a configuration means to a plan."""

import hashlib

from pipeline.config.sections import Transfer


def config_fingerprint(settings: Transfer) -> str:
    """Hash what a configuration means to a plan; what is compared or kept is nothing to it."""
    meant = settings.model_dump_json(exclude={"compare", "keep"})
    return hashlib.sha256(meant.encode()).hexdigest()
