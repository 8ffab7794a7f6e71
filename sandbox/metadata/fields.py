"""`fields=` and `filter=`: which members of an object are shown, which objects are listed."""

import re
from collections.abc import Callable, Iterator
from typing import Any

from sandbox.http.envelopes import RefusalError
from sandbox.state.objects import Objects
from sandbox.state.world import Json

Fields = dict[str, "Fields"]
EVERYTHING = ("*", ":all", ":owner")
TOKEN = re.compile(r"[^,\[\]]+|[,\[\]]")


def read_fields(text: str) -> Fields:
    """Read `id,name,parent[id]` into nested names."""
    root: Fields = {}
    stack, last = [root], ""
    for token in TOKEN.findall(text):
        match token:
            case "[":
                stack.append(stack[-1][last])
            case "]":
                stack.pop()
            case ",":
                last = ""
            case name:
                last = name.strip()
                stack[-1].setdefault(last, {})
    return root


class Reader:
    """Reads members of objects, stored and derived, through references."""

    def __init__(self, objects: Objects) -> None:
        self.objects = objects

    def show(self, item: Json, fields: Fields) -> Json:
        """Give the asked members of an object; unknown ones are left out in silence."""
        names = dict.fromkeys(name for name in fields if name not in EVERYTHING)
        if any(name in EVERYTHING for name in fields):
            kind = self.objects.plural.get(str(item.get("id")), "")
            derived = [name for plural, name in DERIVED if plural == kind]
            names = dict.fromkeys([*item, "displayName", *derived, *names])
        shown: Json = {}
        for name in names:
            member = self.member(item, name)
            if member is not None:
                nested = fields.get(name)
                shown[name] = self._nested(member, nested) if nested else member
        return shown

    def _nested(self, member: object, fields: Fields) -> object:
        if isinstance(member, list):
            return [self._nested(one, fields) for one in member]
        if isinstance(member, dict):
            return self.show(self.resolve(member), fields)
        return member

    def resolve(self, reference: Json) -> Json:
        """Give the object a reference points to; anything else is itself."""
        known = self.objects.by_id.get(str(reference.get("id")))
        return {**known, **reference} if known else reference

    def member(self, item: Json, name: str) -> Any:  # noqa: ANN401 - a member may be anything
        """Give a member of an object, or None when it has none of that name."""
        if name in item:
            return item[name]
        if name == "displayName":
            return item.get("name")
        derive = DERIVED.get((self.objects.plural.get(str(item.get("id")), ""), name))
        return derive(self.objects, item) if derive else None

    def values(self, item: Json, path: str) -> Iterator[object]:
        """Give every value at a dotted path; none when there is no such member."""
        name, _, rest = path.partition(".")
        member = self.member(item, name)
        for one in member if isinstance(member, list) else [member]:
            if rest and isinstance(one, dict):
                yield from self.values(self.resolve(one), rest)
            elif one is not None and not rest:
                yield one

    def matches(self, item: Json, condition: str) -> bool:
        """Tell whether an object fulfils `path:operator:value`."""
        path, _, comparison = condition.partition(":")
        operator, _, operand = comparison.partition(":")
        negated = operator.startswith("!")
        name = operator.removeprefix("!")
        if name not in OPERATORS:
            raise RefusalError(400, f"`{operator}` is not a valid operator.", "E1003")
        values = [_text(value) for value in self.values(item, path)]
        if name == "null":
            return bool(values) == negated
        found = any(OPERATORS[name](value, operand) for value in values)
        return bool(values) and found != negated


def _text(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _listed(operand: str) -> list[str]:
    return operand.strip("[]").split(",")


OPERATORS: dict[str, Callable[[str, str], bool]] = {
    "eq": lambda value, operand: value == operand,
    "ieq": lambda value, operand: value.lower() == operand.lower(),
    "in": lambda value, operand: value in _listed(operand),
    "like": lambda value, operand: operand in value,
    "ilike": lambda value, operand: operand.lower() in value.lower(),
    "$like": lambda value, operand: value.startswith(operand),
    "like$": lambda value, operand: value.endswith(operand),
    "token": lambda value, operand: operand.lower() in value.lower(),
    "gt": lambda value, operand: value > operand,
    "ge": lambda value, operand: value >= operand,
    "lt": lambda value, operand: value < operand,
    "le": lambda value, operand: value <= operand,
    "null": lambda _value, _operand: False,
}


def _pointing(plural: str, member: str) -> Callable[[Objects, Json], list[Json]]:
    """Give a derived member: the objects of a kind whose `member` points here."""

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
    ("categoryCombos", "categoryOptionCombos"): _pointing("categoryOptionCombos", "categoryCombo"),
    ("dataElements", "dataSetElements"): _data_set_elements,
    ("programIndicators", "programIndicatorGroups"): _pointing(
        "programIndicatorGroups", "programIndicators"
    ),
    ("programs", "programIndicators"): _pointing("programIndicators", "program"),
    ("attributes", "objectTypes"): _object_types,
    ("dataSets", "formType"): lambda _, __: "DEFAULT",
    ("dataSets", "access"): lambda _, __: {
        "read": True,
        "write": True,
        "data": {"read": True, "write": True},
    },
}
