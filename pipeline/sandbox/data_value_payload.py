"""What a client sends to be written: rows in its own words, and defaults for them."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from pipeline.sandbox.data_value_options import SCHEMES
from pipeline.sandbox.envelopes import RefusalError
from pipeline.sandbox.world import Json


class Number(str):
    """A number of a JSON text that stood there without quotes."""

    __slots__ = ()


@dataclass(frozen=True)
class Row:
    """One value as it was sent, words untouched; `sent` are its own members."""

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
    sent: Mapping[str, str | None] = field(default_factory=dict)


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


def parse(body: bytes | str) -> Any:  # noqa: ANN401 - JSON may be anything
    """Read JSON; numbers stay texts that remember they had no quotes."""
    return json.loads(body, parse_float=Number, parse_int=Number)


def lenient_text(_path: str, member: object) -> str | None:
    """Take any scalar as a text, as the old engine does."""
    if isinstance(member, bool):
        return str(member).lower()
    return None if member is None else str(member)


def strict_text(path: str, member: object) -> str | None:
    """Take nothing but a text, as the new engine does; anything else is a 500."""
    if member is None or (isinstance(member, str) and not isinstance(member, Number)):
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
    kinds = {Number: "NUMBER", bool: "BOOLEAN", str: "STRING", list: "ARRAY", dict: "OBJECT"}
    kind = kinds[type(member)]
    shown = member if kind == "NUMBER" else json.dumps(member, ensure_ascii=False)
    return RefusalError(
        500, f"Path `$.{path}` does not contain an {wanted} but a(n) {kind}: {shown}"
    )


def payload_of(body: Json, *, strict: bool) -> Payload:
    """Give a JSON body as a payload; a `strict` reader refuses members of another type."""
    text, flag = (strict_text, strict_flag) if strict else (lenient_text, lenient_flag)
    follow = "followUp" if strict else "followup"
    top = {
        name: text(name, body.get(name))
        for name in ("dataSet", "period", "orgUnit", "attributeOptionCombo", "completeDate")
    }
    rows = []
    for index, member in enumerate(body.get("dataValues") or []):
        words = {name: text(name, member.get(name)) for name in TEXTS}
        rows.append(
            _row(
                index,
                words,
                top,
                flag(follow, member.get(follow)),
                flag("deleted", member.get("deleted")),
            )
        )
    return Payload(
        data_set=top["dataSet"],
        period=top["period"],
        org_unit=top["orgUnit"],
        attribute_option_combo=top["attributeOptionCombo"],
        complete_date=top["completeDate"],
        schemes={name: body[name] for name in SCHEMES if isinstance(body.get(name), str)},
        rows=tuple(rows),
        deletion=body.get("deletion"),
    )


TEXTS = (
    "dataElement",
    "period",
    "orgUnit",
    "categoryOptionCombo",
    "attributeOptionCombo",
    "value",
    "comment",
    "storedBy",
)


def _row(
    index: int,
    words: Mapping[str, str | None],
    top: Mapping[str, str | None],
    followup: bool,
    deleted: bool,
) -> Row:
    return Row(
        index=index,
        data_element=words.get("dataElement"),
        period=words.get("period") or top.get("period"),
        org_unit=words.get("orgUnit") or top.get("orgUnit"),
        category_option_combo=words.get("categoryOptionCombo"),
        attribute_option_combo=words.get("attributeOptionCombo") or top.get("attributeOptionCombo"),
        value=words.get("value"),
        comment=words.get("comment"),
        stored_by=words.get("storedBy"),
        followup=followup,
        deleted=deleted,
        sent=words,
    )
