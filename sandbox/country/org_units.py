"""The org units of the invented country, the odd facilities included."""

from sandbox.country.names import COUNTRY, REGIONS, facility_names
from sandbox.country.objects import named, ref
from sandbox.state.world import Json

FACILITIES_PER_DISTRICT = 10
CODELESS_FACILITY = 77


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
