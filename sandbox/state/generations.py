"""Where the two generations of DHIS2 differ, outside data values: one table, two columns."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Generation:
    """What distinguishes one generation of servers, as recorded from 2.42.4.1 and 2.43.0.

    login_path                 where a browser without credentials is sent
    needs_output_period_types  no analytics tables before somebody names their period types
    forgets_failed_tasks       the notes of a failed job may be gone at the next question
    extra_settings             system settings that the other generation does not have
    knows_atomic               `atomic` is an import option
    warning                    status and message when an import took only some of its rows
    bad_period_ends_the_list   one bad period, and no registration of a request is stored
    periods_have_ids           `period[id]` of a lock exception is not empty
    """

    name: str
    version: str
    login_path: str
    needs_output_period_types: bool
    forgets_failed_tasks: bool
    extra_settings: dict[str, Any]
    knows_atomic: bool
    warning: tuple[int, str]
    bad_period_ends_the_list: bool
    periods_have_ids: bool


GENERATIONS = {
    "2.42": Generation(
        name="2.42",
        version="2.42.4.1",
        login_path="dhis-web-login/",
        needs_output_period_types=False,
        forgets_failed_tasks=False,
        extra_settings={},
        knows_atomic=False,
        warning=(409, "One more conflicts encountered, please check import summary."),
        bad_period_ends_the_list=False,
        periods_have_ids=True,
    ),
    "2.43": Generation(
        name="2.43",
        version="2.43.0",
        login_path="login/",
        needs_output_period_types=True,
        forgets_failed_tasks=True,
        extra_settings={"dataEntryAutoGroup": False},
        knows_atomic=True,
        warning=(200, "Import completed with warnings, please check import summary."),
        bad_period_ends_the_list=True,
        periods_have_ids=False,
    ),
}
