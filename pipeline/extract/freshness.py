"""Analytics tables that are too old tell yesterday's numbers: wait for new ones, or refuse."""

import time
from collections.abc import Callable
from dataclasses import replace

from pipeline.config.sections import Source
from pipeline.dhis2.http.client import Client
from pipeline.dhis2.system import analytics_age, read_system
from pipeline.dhis2.table_runs import read_table_runs
from pipeline.extract.rules.freshness import Needs, built_last, in_words
from pipeline.text.errors import UnavailableError
from pipeline.text.wording import span
from schemas.server import SystemInfo

POLL_SECONDS = 20.0  # a build of analytics tables takes minutes to hours

Sleep = Callable[[float], None]


def insist_on_fresh(
    client: Client, source: Source, needs: Needs, sleep: Sleep = time.sleep
) -> SystemInfo:
    """The state of a server whose analytics tables are young enough, by its own clock.

    A run that left out the tables of `needs` makes nothing younger, where the server tells it;
    `last_analytics` is then the run before. Raises `UnavailableError` at once, or after waiting as
    long as the transfer allows.
    """
    patience = source.wait_at_most.total_seconds() if source.when_stale == "wait" else 0.0
    while True:
        told = read_system(client)
        info = _with_needed_tables(client, told, needs)
        age = analytics_age(info)
        if age is not None and age <= source.max_analytics_age:
            return info
        if patience <= 0:
            raise UnavailableError(
                f"the analytics tables of the source {in_words(age, left_out=info != told)}; "
                f"at most {span(source.max_analytics_age)} is allowed",
                where=client.connection.base,
                remedy="build them on the server, with the events (Data Administration, Analytics "
                "tables), or raise max_analytics_age under [source] in transfer.toml",
            )
        sleep(min(POLL_SECONDS, patience))
        patience -= POLL_SECONDS


def _with_needed_tables(client: Client, info: SystemInfo, needs: Needs) -> SystemInfo:
    """The state of a server with the build of the tables of `needs` in the place of any build."""
    built = built_last(info.last_analytics, read_table_runs(client), needs)
    return replace(info, last_analytics=built.moment)
