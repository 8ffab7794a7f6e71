"""What the query of an import asks for: a strategy, id schemes, strictness, a dry run."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from sandbox.messages.envelopes import RefusalError
from sandbox.state.world import Json

SCHEMES = (
    "idScheme",
    "dataElementIdScheme",
    "orgUnitIdScheme",
    "categoryOptionComboIdScheme",
    "attributeOptionComboIdScheme",
    "dataSetIdScheme",
)
STRATEGIES = (
    *("CREATE", "UPDATE", "CREATE_AND_UPDATE", "DELETE", "SYNC"),
    *("NEW_AND_UPDATES", "NEW", "UPDATES", "DELETES"),
)
SYNONYMS = {
    "NEW_AND_UPDATES": "CREATE_AND_UPDATE",
    "NEW": "CREATE",
    "UPDATES": "UPDATE",
    "DELETES": "DELETE",
}
DEFAULTS: Json = {
    "idSchemes": {},
    "dryRun": False,
    "async": False,
    "importStrategy": "CREATE_AND_UPDATE",
    "mergeMode": "REPLACE",
    "reportMode": "FULL",
    "skipExistingCheck": False,
    "sharing": False,
    "skipNotifications": False,
    "skipAudit": False,
    "datasetAllowsPeriods": False,
    "strictPeriods": False,
    "strictDataElements": False,
    "strictCategoryOptionCombos": False,
    "strictAttributeOptionCombos": False,
    "strictOrganisationUnits": False,
    "strictDataSetApproval": False,
    "strictDataSetLocking": False,
    "strictDataSetInputPeriods": False,
    "requireCategoryOptionCombo": False,
    "requireAttributeOptionCombo": False,
    "skipPatternValidation": False,
    "ignoreEmptyCollection": False,
    "force": False,
    "firstRowIsHeader": True,
    "skipLastUpdated": False,
    "mergeDataValues": False,
    "skipCache": False,
}


@dataclass(frozen=True)
class ImportOptions:
    """What the query asks for; `echo` is how the reply repeats it."""

    strategy: str = "CREATE_AND_UPDATE"
    dry_run: bool = False
    atomic: bool = False
    force: bool = False
    strict: frozenset[str] = frozenset()
    schemes: Mapping[str, str] = field(default_factory=dict)
    data_set: str | None = None
    echo: Json = field(default_factory=dict)


def import_options(query: Mapping[str, str], *, knows_atomic: bool) -> ImportOptions:
    """Read the query of an import; an unknown strategy is refused with 400."""
    strategy = query.get("importStrategy", "CREATE_AND_UPDATE")
    if strategy not in STRATEGIES:
        valid = ", ".join(STRATEGIES)
        raise RefusalError(
            400,
            f"Value '{strategy}' is not valid for parameter importStrategy. "
            f"Valid values are: [{valid}]",
        )
    echo = DEFAULTS | ({"atomic": False} if knows_atomic else {})
    echo |= {
        name: query[name] == "true"
        for name in echo
        if isinstance(echo[name], bool) and name in query
    }
    schemes = {name: query[name] for name in SCHEMES if name in query}
    echo |= {"importStrategy": strategy, "idSchemes": scheme_echo(schemes)}
    if "dataSet" in query:
        echo["dataSet"] = query["dataSet"]
    return ImportOptions(
        strategy=SYNONYMS.get(strategy, strategy),
        dry_run=echo["dryRun"],
        atomic=echo.get("atomic", False),
        force=echo["force"],
        strict=frozenset(name for name in echo if name.startswith("strict") and echo[name]),
        schemes=schemes,
        data_set=query.get("dataSet"),
        echo=echo,
    )


def schemes_of(*asked: Mapping[str, str]) -> dict[str, str]:
    """The id scheme of each kind of object; what is asked later counts more."""
    merged = {name: scheme for mapping in asked for name, scheme in mapping.items()}
    common = merged.get("idScheme", "UID")
    kinds = ("dataSet", "dataElement", "orgUnit", "categoryOptionCombo", "attributeOptionCombo")
    return {kind: merged.get(f"{kind}IdScheme", common) for kind in kinds}


def scheme_echo(schemes: Mapping[str, str]) -> Json:
    """Id schemes the way a reply repeats them."""
    return {
        name: {"type": "ATTRIBUTE", "attribute": scheme.removeprefix("ATTRIBUTE:")}
        if scheme.startswith("ATTRIBUTE:")
        else {"type": scheme}
        for name, scheme in schemes.items()
    }
