"""The metadata of the invented country, in DHIS2's own export form; ids depend on codes only."""

from itertools import product

from sandbox.country.names import COUNTRY, REGIONS, facility_names
from sandbox.state.identifiers import uid
from sandbox.state.world import Json

FACILITIES_PER_DISTRICT = 10
EXPIRY_DAYS = 75
UNASSIGNED_FACILITY, CODELESS_FACILITY = 42, 77

DEFAULTS = {
    "categoryOptions": "xYerKDKCefk",
    "categories": "GLevLNI9wkl",
    "categoryCombos": "bjDvmb4bfuf",
    "categoryOptionCombos": "HllvX50cXC0",
}

OPTIONS = {
    "SEX": {"SEX_M": "Male", "SEX_F": "Female"},
    "AGE": {
        "AGE_0_4": "0-4 years",
        "AGE_5_14": "5-14 years",
        "AGE_15_49": "15-49 years",
        "AGE_50P": "50 years and more",
    },
    "PLACE": {"PLACE_FIXED": "Fixed post", "PLACE_OUTREACH": "Outreach"},
}
CATEGORY_NAMES = {"SEX": "Sex", "AGE": "Age group", "PLACE": "Place of service"}
COMBOS = {
    "SEX_AGE": ("Sex and age", ("SEX", "AGE")),
    "SEX_ONLY": ("Sex only", ("SEX",)),
    "PLACE_ONLY": ("Place only", ("PLACE",)),
}

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


def ref(code: str) -> Json:
    """A reference to the object with a code; no code is the default combo."""
    return {"id": uid(code) if code else DEFAULTS["categoryCombos"]}


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


def named(code: str, name: str) -> Json:
    """What every object has: id, code and names."""
    return {"id": uid(code), "code": code, "name": name, "shortName": name[:50]}


def attributes() -> list[Json]:
    """The attributes: an indicator's target, a site's number in the ministry's own list."""
    kinds = {"PI_TARGET": "programIndicatorAttribute", "OU_NUMBER": "organisationUnitAttribute"}
    names = {"PI_TARGET": "Target data element code", "OU_NUMBER": "Number in the master list"}
    return [
        {**named(code, names[code]), "valueType": "TEXT", "unique": code == "OU_NUMBER", kind: True}
        for code, kind in kinds.items()
    ]


def categories() -> dict[str, list[Json]]:
    """Options, categories, combos and option combos, the default ones included."""
    made: dict[str, list[Json]] = {
        kind: [{"id": key, "code": "default", "name": "default"}] for kind, key in DEFAULTS.items()
    }
    default = {kind: listed[0] for kind, listed in made.items()}
    default["categories"]["categoryOptions"] = [{"id": DEFAULTS["categoryOptions"]}]
    default["categoryCombos"]["categories"] = [{"id": DEFAULTS["categories"]}]
    default["categoryOptionCombos"] |= {
        "categoryCombo": {"id": DEFAULTS["categoryCombos"]},
        "categoryOptions": [{"id": DEFAULTS["categoryOptions"]}],
    }
    for code, options in OPTIONS.items():
        made["categoryOptions"] += [named(*option) for option in options.items()]
        members = [ref(option) for option in options]
        made["categories"].append({**named(code, CATEGORY_NAMES[code]), "categoryOptions": members})
    for code, (name, parts) in COMBOS.items():
        made["categoryCombos"].append(
            {**named(code, name), "categories": [ref(part) for part in parts]}
        )
        made["categoryOptionCombos"] += [
            option_combo(code, chosen) for chosen in product(*(OPTIONS[part] for part in parts))
        ]
    return made


def option_combo(combo: str, options: tuple[str, ...]) -> Json:
    """The option combo of some options; its code is theirs, joined."""
    names = {code: name for listed in OPTIONS.values() for code, name in listed.items()}
    code = "COC_" + "_".join(option.partition("_")[2] for option in options)
    return {
        **named(code, ", ".join(names[option] for option in options)),
        "categoryCombo": ref(combo),
        "categoryOptions": [ref(option) for option in options],
    }


def org_units() -> list[Json]:
    """The tree: a country, its regions, their districts, their facilities."""
    country = org_unit("OND", COUNTRY, None)
    units, names, number = [country], facility_names(), 0
    for region_number, (region_name, districts) in enumerate(REGIONS.items(), start=1):
        region = org_unit(f"OND_R{region_number}", region_name, country)
        units.append(region)
        for district_number, district_name in enumerate(districts, start=1):
            district = org_unit(f"{region['code']}_D{district_number}", district_name, region)
            units.append(district)
            for _ in range(FACILITIES_PER_DISTRICT):
                units.append(facility(number, next(names), district))
                number += 1
    return units


def org_unit(code: str, name: str, parent: Json | None) -> Json:
    """One org unit below its parent."""
    unit = {**named(code, name), "openingDate": "2005-01-01T00:00:00.000", "attributeValues": []}
    above = parent["path"] if parent else ""
    unit |= {"path": f"{above}/{unit['id']}", "level": above.count("/") + 1}
    return unit | ({"parent": {"id": parent["id"]}} if parent else {})


def facility(number: int, name: str, district: Json) -> Json:
    """One facility; a few of them are odd on purpose."""
    unit = org_unit(f"FAC_{number + 1:03}", name, district)
    unit["attributeValues"] = [{"attribute": ref("OU_NUMBER"), "value": f"{1000 + number}"}]
    if number == CODELESS_FACILITY:
        del unit["code"]
    return unit


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
