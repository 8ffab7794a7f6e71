"""`fields=`: which members of an object an answer shows."""

import re
from collections.abc import Iterator
from typing import Any

from sandbox.state.derived import DERIVED
from sandbox.state.objects import Objects
from sandbox.state.world import Json

Fields = dict[str, "Fields"]
EVERYTHING = ("*", ":all", ":owner")
TOKEN = re.compile(r"[^,\[\]]+|[,\[\]]")


def read_fields(text: str) -> Fields:
    """`id,name,parent[id]` as nested names."""
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


class FieldReader:
    """Reads members of objects, stored and derived, through references."""

    def __init__(self, objects: Objects) -> None:
        self.objects = objects

    def show(self, item: Json, fields: Fields) -> Json:
        """The asked members of an object; unknown ones are left out in silence."""
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
        """The object a reference points to; anything else is itself."""
        known = self.objects.by_id.get(str(reference.get("id")))
        return {**known, **reference} if known else reference

    def member(self, item: Json, name: str) -> Any:  # noqa: ANN401 - a member may be anything
        """A member of an object, or None when it has none of that name."""
        if name in item:
            return item[name]
        if name == "displayName":
            return item.get("name")
        derive = DERIVED.get((self.objects.plural.get(str(item.get("id")), ""), name))
        return derive(self.objects, item) if derive else None

    def values(self, item: Json, path: str) -> Iterator[object]:
        """Every value at a dotted path; none when there is no such member."""
        name, _, rest = path.partition(".")
        member = self.member(item, name)
        for one in member if isinstance(member, list) else [member]:
            if rest and isinstance(one, dict):
                yield from self.values(self.resolve(one), rest)
            elif one is not None and not rest:
                yield one
