"""Members that DHIS2 does not store but derives when an object is read."""

import re
from collections.abc import Callable
from typing import Any

from sandbox.state.objects import Objects
from sandbox.state.world import Json


def _objects_pointing_here(plural: str, member: str) -> Callable[[Objects, Json], list[Json]]:
    """A derived member: the objects of a kind whose `member` points here."""

    def derive(objects: Objects, item: Json) -> list[Json]:
        found = []
        for other in objects.all(plural):
            pointed = other.get(member) or []
            listed = pointed if isinstance(pointed, list) else [pointed]
            if any(one.get("id") == item["id"] for one in listed):
                found.append({"id": other["id"]})
        return found

    return derive


def _data_set_elements(objects: Objects, item: Json) -> list[Json]:
    return [
        {**member, "dataSet": {"id": data_set["id"]}}
        for data_set in objects.all("dataSets")
        for member in data_set.get("dataSetElements", [])
        if member["dataElement"]["id"] == item["id"]
    ]


def _object_types(_objects: Objects, item: Json) -> list[str]:
    names = [name.removesuffix("Attribute") for name, on in item.items() if on is True]
    words = [re.sub(r"(?<!^)(?=[A-Z])", "_", name).upper() for name in names]
    return [word for word in words if word not in ("UNIQUE", "MANDATORY")]


DERIVED: dict[tuple[str, str], Callable[[Objects, Json], Any]] = {
    ("categoryCombos", "isDefault"): lambda _, item: item.get("name") == "default",
    ("categoryCombos", "categoryOptionCombos"): _objects_pointing_here(
        "categoryOptionCombos", "categoryCombo"
    ),
    ("dataElements", "dataSetElements"): _data_set_elements,
    ("programIndicators", "programIndicatorGroups"): _objects_pointing_here(
        "programIndicatorGroups", "programIndicators"
    ),
    ("programs", "programIndicators"): _objects_pointing_here("programIndicators", "program"),
    ("attributes", "objectTypes"): _object_types,
    ("dataSets", "formType"): lambda _, __: "DEFAULT",
    ("dataSets", "access"): lambda _, __: {
        "read": True,
        "write": True,
        "data": {"read": True, "write": True},
    },
}
