"""What may be asked of a server: a short list, checked before a byte is sent.

The list is a promise about persons: no path of it can give a tracked entity, an enrolment, an
event or a name of a patient.
"""

import re

UID = r"[A-Za-z][A-Za-z0-9]{10}"
OBJECTS = (
    "attributes|categories|categoryCombos|categoryOptionCombos|categoryOptions|dataElements|"
    "dataSets|optionSets|organisationUnitGroups|organisationUnitLevels|organisationUnits|"
    "programIndicatorGroups|programIndicators|programs"
)
READS = (
    r"system/info|system/ping|ping|me|systemSettings(/\w+)?",
    rf"({OBJECTS})(/{UID})?",
    r"analytics\.(json|csv)|analytics/dataValueSet\.(json|csv)",
    r"dataValueSets(\.(json|csv))?|completeDataSetRegistrations|dataApprovals|lockExceptions",
    rf"system/tasks(/\w+(/{UID})?)?|system/taskSummaries/\w+/{UID}|jobConfigurations(/{UID})?",
    r"configuration/dataOutputPeriodTypes",
)
WRITES = (r"dataValueSets|resourceTables/analytics",)
ALLOWED = {
    method: re.compile("|".join(f"(?:{pattern})" for pattern in patterns), re.ASCII)
    for method, patterns in (("GET", READS), ("POST", WRITES))
}


class ForbiddenPathError(AssertionError):
    """Some code asked for a path that is not on the list: a bug of ours, never a wrong input."""


def insist_on_allowed(method: str, path: str) -> None:
    """Raise `ForbiddenPathError` for every request that is not on the list."""
    if not ALLOWED[method].fullmatch(path):
        raise ForbiddenPathError(f"Tally never asks for {method} {path}")
