"""What may be asked of a server: a short list, checked before a byte is sent.

The list is a promise about persons: no path of it can give a tracked entity, an enrolment, an
event or a name of a patient. It holds what the code asks for and nothing else; a path is on it as
it stands, without parameters.
"""

ALLOWED = {
    "GET": frozenset(
        {
            "analytics.csv",
            "analytics.json",
            "analytics/dataValueSet.json",
            "categoryCombos",
            "categoryOptions",
            "configuration/dataOutputPeriodTypes",
            "configuration/systemId",
            "dataApprovals",
            "dataElements",
            "dataSets",
            "dataValueSets",
            "dataValueSets.csv",
            "jobConfigurations",
            "lockExceptions",
            "me",
            "organisationUnitGroups",
            "organisationUnits",
            "programIndicatorGroups",
            "programIndicators",
            "programs",
            "system/info",
            "systemSettings",
        }
    ),
    "POST": frozenset({"dataValueSets"}),
}


class ForbiddenPathError(AssertionError):
    """Some code asked for a path that is not on the list: a bug of ours, never a wrong input."""


def insist_on_allowed(method: str, path: str) -> None:
    """Raise `ForbiddenPathError` for every request that is not on the list."""
    if path not in ALLOWED[method]:
        raise ForbiddenPathError(f"Tally never asks for {method} {path}")
