"""Analytics tables that are too old tell yesterday's numbers: wait for new ones, or refuse."""

import time
from collections.abc import Callable

from pipeline.config.sections import Source
from pipeline.dhis2.http.client import Client
from pipeline.dhis2.system import analytics_age, read_system
from pipeline.text.errors import UnavailableError
from pipeline.text.wording import span
from schemas.server import SystemInfo

POLL_SECONDS = 20.0  # a build of analytics tables takes minutes to hours

Sleep = Callable[[float], None]


def insist_on_fresh(client: Client, source: Source, sleep: Sleep = time.sleep) -> SystemInfo:
    """The state of a server whose analytics tables are young enough, by its own clock.

    Raises `UnavailableError` at once, or after waiting as long as the transfer allows.
    """
    patience = source.wait_at_most.total_seconds() if source.when_stale == "wait" else 0.0
    while True:
        info = read_system(client)
        age = analytics_age(info)
        if age is not None and age <= source.max_analytics_age:
            return info
        if patience <= 0:
            built = "were never built" if age is None else f"were built {span(age)} ago"
            raise UnavailableError(
                f"the analytics tables of the source {built}; "
                f"at most {span(source.max_analytics_age)} is allowed",
                where=client.connection.base,
                remedy="build them on the server (Data Administration, Analytics tables), or raise "
                "max_analytics_age under [source] in transfer.toml",
            )
        sleep(min(POLL_SECONDS, patience))
        patience -= POLL_SECONDS
