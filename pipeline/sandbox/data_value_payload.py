"""What a client sends to be written: rows, their defaults, and what it asks for beside them."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from pipeline.sandbox.envelopes import RefusalError
from pipeline.sandbox.world import Json

SCHEMES = (
    "idScheme",
    "dataElementIdScheme",
    "orgUnitIdScheme",
    "categoryOptionComboIdScheme",
    "attributeOptionComboIdScheme",
    "dataSetIdScheme",
)
STRATEGIES = (
    "CREATE UPDATE CREATE_AND_UPDATE DELETE SYNC NEW_AND_UPDATES NEW UPDATES DELETES".split()
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
    echo |= {name: query[name] for name in ("dataSet",) if name in query}
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


def scheme_echo(schemes: Mapping[str, str]) -> Json:
    """Give id schemes the way a reply repeats them."""
    return {
        name: {"type": "ATTRIBUTE", "attribute": scheme.removeprefix("ATTRIBUTE:")}
        if scheme.startswith("ATTRIBUTE:")
        else {"type": scheme}
        for name, scheme in schemes.items()
    }


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
