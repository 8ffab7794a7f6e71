"""A form with a few cells, somebody who fills it in, and a way to read tables of expectations."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from sandbox.entry.context import Context
from sandbox.state.world import User, World
from sandbox.values.formats import new_json, old_json
from sandbox.values.generations import VALUE_BEHAVIOUR
from sandbox.values.reading import read_data_values
from sandbox.values.writing import read_body, write_data_values

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
MONTH = "202610"
OLD, NEW = "2.42", "2.43"
ADMIN = User("admin", authorities=frozenset({"ALL"}), org_units=("ouCountry01",))
CLERK = User("clerk", org_units=("ouCountry01",))
NEIGHBOUR = User("neighbour", org_units=("ouClosed001",))

ELEMENTS = {
    "deInteger01": "INTEGER",
    "deNumber001": "NUMBER",
    "deText00001": "TEXT",
    "deBoolean01": "BOOLEAN",
    "deTrueOnly1": "TRUE_ONLY",
    "deDate00001": "DATE",
    "dePercent01": "PERCENTAGE",
    "deOption001": "TEXT",
    "deAverage01": "NUMBER",
    "deSplit0001": "INTEGER",
    "deShared001": "INTEGER",
    "deLocked001": "INTEGER",
    "deApproved1": "INTEGER",
    "deInput0001": "INTEGER",
    "deHomeless1": "INTEGER",
}
FORM = [name for name in ELEMENTS if name[2:8] not in ("Locked", "Approv", "Input0", "Homele")]
DEFAULT, BOYS, GIRLS = "cocDefault1", "cocBoys0001", "cocGirls001"
FORM_CELL = {"dataSet": "dsForm00001", "period": MONTH, "orgUnit": "ouClinic001"}
COUNTRY = FORM_CELL | {"orgUnit": "ouCountry01", "children": "true"}


def element(uid: str, value_type: str) -> dict[str, Any]:
    combo = "ccSex000001" if uid == "deSplit0001" else "ccDefault01"
    item: dict[str, Any] = {
        "id": uid,
        "code": uid[2:].upper(),
        "valueType": value_type,
        "categoryCombo": {"id": combo},
        "aggregationType": "AVERAGE" if uid == "deAverage01" else "SUM",
    }
    return item | ({"optionSet": {"id": "osSex000001"}} if uid == "deOption001" else {})


def data_set(uid: str, elements: list[str], **members: object) -> dict[str, Any]:
    units = ("ouClinic001", "ouClinic002", "ouClosed001")
    return {
        "id": uid,
        "periodType": "Monthly",
        "categoryCombo": {"id": "ccDefault01"},
        "dataSetElements": [{"dataElement": {"id": one}} for one in elements],
        "organisationUnits": [{"id": unit} for unit in units],
        **members,
    }


def small_world() -> World:
    """One country, two clinics and one that closed; a form, and three with rules of their own."""
    units = {"ouCountry01": "", "ouClinic001": "", "ouClinic002": "", "ouClosed001": "2025-12-31"}
    shut = {"period": {"id": "202609"}, "openingDate": "2026-01-01", "closingDate": "2026-11-01"}
    still = {"period": {"id": MONTH}, "openingDate": "2026-01-01", "closingDate": "2026-12-31"}
    combos = {DEFAULT: "ccDefault01", BOYS: "ccSex000001", GIRLS: "ccSex000001"}
    return World(
        metadata={
            "organisationUnits": [
                {
                    "id": uid,
                    "path": "/ouCountry01" if uid == "ouCountry01" else f"/ouCountry01/{uid}",
                    **({"closedDate": closing} if closing else {}),
                }
                for uid, closing in units.items()
            ],
            "dataElements": [element(uid, kind) for uid, kind in ELEMENTS.items()],
            "categoryOptionCombos": [
                {
                    "id": uid,
                    "name": "default" if uid == DEFAULT else uid,
                    "categoryCombo": {"id": combo},
                }
                for uid, combo in combos.items()
            ],
            "options": [{"code": code, "optionSet": {"id": "osSex000001"}} for code in "MF"],
            "dataSets": [
                data_set("dsForm00001", FORM),
                data_set("dsShared001", ["deShared001"]),
                data_set("dsLocked001", ["deLocked001"], expiryDays=1),
                data_set("dsApproved1", ["deApproved1"], workflow={"id": "wf"}),
                data_set("dsInput0001", ["deInput0001"], dataInputPeriods=[shut, still]),
            ],
        },
        answers=None,  # type: ignore[arg-type]  # nobody asks tracker here
        users={},
        clock=lambda: NOW,
    )


def row(data_element: str = "deInteger01", value: object = "1", **members: object) -> Any:  # noqa: ANN401 - JSON has no narrower type
    cell = {"dataElement": data_element, "period": MONTH, "orgUnit": "ouClinic001"}
    return {**cell, "value": value, **members}


def send(
    world: World, generation: str, body: object, user: User = CLERK, **query: str
) -> tuple[int, Any]:
    """Post a body and give status and body of the answer; a list of rows goes to the form."""
    behaviour = VALUE_BEHAVIOUR[generation]
    body = {"dataSet": "dsForm00001", "dataValues": body} if isinstance(body, list) else body
    payload = read_body(behaviour, json.dumps(body).encode(), csv=False)
    return write_data_values(Context(world, user, NOW), behaviour, payload, query)


def outcome(answer: tuple[int, Any]) -> str:
    """In a line how an import went: status, counts, codes with their rows."""
    status, body = answer
    response = body["response"]
    counts = ",".join(str(count) for count in response["importCount"].values())
    codes = [
        f"{one['errorCode']}{one.get('indexes', '')}".replace(" ", "")
        for one in response["conflicts"]
    ]
    return " ".join([str(status), response["status"], counts, *codes])


def cells(world: World) -> dict[str, str]:
    """What is stored, by element and by site or option combo where it is not the usual one."""
    return {
        ".".join(
            part
            for part in (key.data_element, key.org_unit, key.category_option_combo)
            if part not in ("ouClinic001", DEFAULT)
        ): f"{value.value}{' deleted' if value.deleted else ''}"
        for key, value in world.values.items()
    }


def look(
    world: World, generation: str, query: Mapping[str, str | list[str]], user: User = CLERK
) -> Any:  # noqa: ANN401 - JSON has no narrower type
    """Read values as JSON."""
    lists = {name: [text] if isinstance(text, str) else text for name, text in query.items()}
    behaviour, context = VALUE_BEHAVIOUR[generation], Context(world, user, NOW)
    selection, found = read_data_values(context, behaviour, lists)
    return (new_json if behaviour.shared_at_root else old_json)(context, selection, found)


def filled(generation: str) -> World:
    """The small world with values of the form, one with a comment and one deleted."""
    world = small_world()
    send(world, generation, [row(value="1"), row(value="2", orgUnit="ouClinic002")])
    send(world, generation, [row("deText00001", "gone"), row("deNumber001", "3", comment="typed")])
    send(world, generation, [row("deText00001", "gone", deleted=True)])
    return world


def table(text: str) -> list[tuple[str, ...]]:
    """Read the rows of a `a | b` table; the first one names the columns, quotes keep blanks."""
    lines = [line for line in text.strip().splitlines() if line.strip()]
    return [tuple(cell.strip().replace("'", "") for cell in line.split("|")) for line in lines[1:]]
