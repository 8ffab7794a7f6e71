"""The metadata of the invented country, in DHIS2's own export form; ids depend on codes only."""

from sandbox.country.categories import CATEGORY_NAMES, OPTIONS, categories
from sandbox.country.objects import named, ref
from sandbox.country.org_units import org_units
from sandbox.state.identifiers import uid
from sandbox.state.world import Json

EXPIRY_DAYS = 75
UNASSIGNED_FACILITY = 42

ELEMENTS = {
    "T_CASES": ("Fever cases (tracker)", "SEX_AGE", False),
    "T_DEATHS": ("Fever deaths (tracker)", "SEX_ONLY", False),
    "T_TESTS": ("Rapid tests done (tracker)", "SEX_ONLY", False),
    "T_VISITS": ("Child visits (tracker)", "SEX_AGE", False),
    "T_ENROLLED": ("Newly enrolled children (tracker)", "", True),
    "T_WEIGHT": ("Mean weight of children (tracker)", "", True),
    "T_DOSES": ("Vaccine doses given (tracker)", "SEX_ONLY", False),
    "P_CASES": ("Fever cases (paper)", "SEX_AGE", False),
    "P_DEATHS": ("Fever deaths (paper)", "SEX_ONLY", False),
    "P_VISITS": ("Child visits (paper)", "SEX_AGE", False),
    "P_TESTS": ("Rapid tests done (paper)", "", False),
}

MEAN_ELEMENT = "T_WEIGHT"

DATA_SETS = {
    "DS_TRACKER": (
        "Monthly report from tracker",
        ("T_CASES", "T_DEATHS", "T_TESTS", "T_VISITS", "T_ENROLLED", "T_WEIGHT"),
        "",
        EXPIRY_DAYS,
    ),
    "DS_DOSES": ("Doses by place, from tracker", ("T_DOSES",), "PLACE_ONLY", 0),
    "DS_PAPER": (
        "Monthly report on paper",
        ("P_CASES", "P_DEATHS", "P_VISITS", "P_TESTS"),
        "",
        0,
    ),
}

PROGRAMS = {
    "PR_FEVER": ("Fever case report", "WITHOUT_REGISTRATION"),
    "PR_CHILD": ("Child health register", "WITH_REGISTRATION"),
}


def country_metadata() -> dict[str, list[Json]]:
    """Every object of the country by its kind."""
    units = org_units()
    facilities = [unit for unit in units if unit["level"] == 4]  # noqa: PLR2004 - sites stand at level 4
    return {
        "attributes": attributes(),
        **categories(),
        "organisationUnitLevels": [
            {"id": uid(f"LEVEL {level}"), "level": level, "name": name}
            for level, name in enumerate(("Country", "Region", "District", "Facility"), start=1)
        ],
        "organisationUnits": units,
        "organisationUnitGroups": [
            {
                **named("GRP_PILOT", "Pilot facilities"),
                "organisationUnits": [{"id": unit["id"]} for unit in facilities[:20]],
            }
        ],
        "dataElements": [element(code) for code in ELEMENTS],
        "dataSets": [data_set(code, facilities) for code in DATA_SETS],
        "programs": [program(code, facilities) for code in PROGRAMS],
    }


def attributes() -> list[Json]:
    """The attributes: an indicator's target, a site's number in the ministry's own list."""
    kinds = {"PI_TARGET": "programIndicatorAttribute", "OU_NUMBER": "organisationUnitAttribute"}
    names = {"PI_TARGET": "Target data element code", "OU_NUMBER": "Number in the master list"}
    return [
        {**named(code, names[code]), "valueType": "TEXT", "unique": code == "OU_NUMBER", kind: True}
        for code, kind in kinds.items()
    ]


def element(code: str) -> Json:
    """One aggregate data element: a whole number of something, or the one mean."""
    name, combo, zero_is_significant = ELEMENTS[code]
    is_mean = code == MEAN_ELEMENT
    return {
        **named(code, name),
        "domainType": "AGGREGATE",
        "valueType": "NUMBER" if is_mean else "INTEGER_ZERO_OR_POSITIVE",
        "aggregationType": "AVERAGE" if is_mean else "SUM",
        "zeroIsSignificant": zero_is_significant,
        "categoryCombo": ref(combo),
        "attributeValues": [],
    }


def data_set(code: str, facilities: list[Json]) -> Json:
    """One monthly data set; the tracker ones are not assigned to one reporting facility."""
    name, elements, combo, expiry_days = DATA_SETS[code]
    left_out = () if code == "DS_PAPER" else (facilities[UNASSIGNED_FACILITY]["id"],)
    return {
        **named(code, name),
        "periodType": "Monthly",
        "expiryDays": float(expiry_days),
        "openFuturePeriods": 1,
        "timelyDays": 15.0,
        "dataInputPeriods": [],
        "categoryCombo": ref(combo),
        "dataSetElements": [
            {"dataElement": ref(part), "dataSet": {"id": uid(code)}} for part in elements
        ],
        "organisationUnits": [
            {"id": unit["id"]} for unit in facilities if unit["id"] not in left_out
        ],
    }


def program(code: str, facilities: list[Json]) -> Json:
    """One tracker or event program with a mapping for each category."""
    name, kind = PROGRAMS[code]
    return {
        **named(code, name),
        "programType": kind,
        "categoryCombo": ref(""),
        "organisationUnits": [{"id": unit["id"]} for unit in facilities],
        "programStages": [],
        "categoryMappings": [
            {
                "id": uid(f"{code} {category}"),
                "categoryId": uid(category),
                "mappingName": f"{CATEGORY_NAMES[category]} mapping",
                "optionMappings": [
                    {"optionId": uid(option), "filter": f"V{{event_count}} > 0 && '{option}' != ''"}
                    for option in options
                ],
            }
            for category, options in OPTIONS.items()
        ],
    }
