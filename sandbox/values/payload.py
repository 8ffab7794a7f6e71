"""What a client sends to be written: rows in its own words, and defaults for them."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field

from sandbox.entry.import_options import SCHEMES
from sandbox.messages.envelopes import RefusalError
from sandbox.messages.request import UnquotedNumber
from sandbox.state.world import Json

FIELDS = {
    "dataElement": "data_element",
    "period": "period",
    "orgUnit": "org_unit",
    "categoryOptionCombo": "category_option_combo",
    "attributeOptionCombo": "attribute_option_combo",
    "value": "value",
    "comment": "comment",
    "storedBy": "stored_by",
}
TOP = ("dataSet", "period", "orgUnit", "attributeOptionCombo", "completeDate")


@dataclass(frozen=True)
class Row:
    """One value as it was sent, words untouched, what it lacks filled in from the top.

    `own_attribute_combo` is what the row itself said.
    """

    index: int
    data_element: str | None = None
    period: str | None = None
    org_unit: str | None = None
    category_option_combo: str | None = None
    attribute_option_combo: str | None = None
    value: str | None = None
    comment: str | None = None
    stored_by: str | None = None
    followup: bool = False
    deleted: bool = False
    own_attribute_combo: str | None = None


@dataclass(frozen=True)
class Payload:
    """A body in the words of the client."""

    data_set: str | None = None
    period: str | None = None
    org_unit: str | None = None
    attribute_option_combo: str | None = None
    complete_date: str | None = None
    schemes: Mapping[str, str] = field(default_factory=dict)
    rows: tuple[Row, ...] = ()
    deletion: Json | None = None
    unknown_columns: tuple[str, ...] = ()


def lenient_text(_path: str, member: object) -> str | None:
    """Take any scalar as a text, as the old engine does."""
    if isinstance(member, bool):
        return str(member).lower()
    return None if member is None else str(member)


def strict_text(path: str, member: object) -> str | None:
    """Take nothing but a text, as the new engine does; anything else is a 500."""
    if member is None or (isinstance(member, str) and not isinstance(member, UnquotedNumber)):
        return member
    raise _wrong(path, "STRING", member)


def lenient_flag(_path: str, member: object) -> bool:
    """Take `true` with or without quotes."""
    return member is True or member == "true"


def strict_flag(path: str, member: object) -> bool:
    """Take nothing but a JSON boolean; anything else is a 500."""
    if member is None or isinstance(member, bool):
        return member is True
    raise _wrong(path, "BOOLEAN", member)


def _wrong(path: str, wanted: str, member: object) -> RefusalError:
    kinds = {
        UnquotedNumber: "NUMBER",
        bool: "BOOLEAN",
        str: "STRING",
        list: "ARRAY",
        dict: "OBJECT",
    }
    kind = kinds[type(member)]
    shown = member if kind == "NUMBER" else json.dumps(member, ensure_ascii=False)
    return RefusalError(
        500, f"Path `$.{path}` does not contain an {wanted} but a(n) {kind}: {shown}"
    )


def payload_of(body: Json, *, strict: bool) -> Payload:
    """A JSON body as a payload; a `strict` reader refuses members of another type."""
    read = strict_text if strict else lenient_text
    top = {name: read(name, body.get(name)) for name in TOP}
    return Payload(
        data_set=top["dataSet"],
        period=top["period"],
        org_unit=top["orgUnit"],
        attribute_option_combo=top["attributeOptionCombo"],
        complete_date=top["completeDate"],
        schemes={name: body[name] for name in SCHEMES if isinstance(body.get(name), str)},
        rows=tuple(
            _row(index, member, top, strict=strict)
            for index, member in enumerate(body.get("dataValues") or [])
        ),
        deletion=body.get("deletion"),
    )


def _row(index: int, member: Json, top: Mapping[str, str | None], *, strict: bool) -> Row:
    text, flag = (strict_text, strict_flag) if strict else (lenient_text, lenient_flag)
    followup = "followUp" if strict else "followup"
    own = {part: text(name, member.get(name)) for name, part in FIELDS.items()}
    inherited = {
        FIELDS[name]: word for name, word in top.items() if name in FIELDS and not own[FIELDS[name]]
    }
    return Row(
        index=index,
        **(own | inherited),
        own_attribute_combo=own["attribute_option_combo"],
        followup=flag(followup, member.get(followup)),
        deleted=flag("deleted", member.get("deleted")),
    )
