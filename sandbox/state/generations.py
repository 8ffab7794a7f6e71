"""Where the two generations of DHIS2 differ, outside data value imports: one table, two columns."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Generation:
    """The habits of one generation of servers.

    `forgets_failed_tasks`: the notes of a failed job may be gone at the next question.
    """

    name: str
    version: str
    login_path: str
    needs_output_period_types: bool
    forgets_failed_tasks: bool
    extra_settings: dict[str, Any]


GENERATIONS = {
    "2.42": Generation(
        name="2.42",
        version="2.42.4.1",
        login_path="dhis-web-login/",
        needs_output_period_types=False,
        forgets_failed_tasks=False,
        extra_settings={},
    ),
    "2.43": Generation(
        name="2.43",
        version="2.43.0",
        login_path="login/",
        needs_output_period_types=True,
        forgets_failed_tasks=True,
        extra_settings={"dataEntryAutoGroup": False},
    ),
}
