"""POST /api/dataValueSets: read the body, let the engine of the generation decide, answer."""

import json
from collections.abc import Mapping
from datetime import date, datetime

from pipeline.sandbox.data_value_csv import payload_of_csv
from pipeline.sandbox.data_value_facts import Facts
from pipeline.sandbox.data_value_generations import ValueHabits
from pipeline.sandbox.data_value_payload import (
    ImportOptions,
    Payload,
    import_options,
    parse,
    payload_of,
    scheme_echo,
)
from pipeline.sandbox.data_value_periods import find_period
from pipeline.sandbox.data_value_reports import Report, answer_of
from pipeline.sandbox.data_value_timeliness import midnight
from pipeline.sandbox.data_value_writing_old import broken_off, schemes_of
from pipeline.sandbox.envelopes import RefusalError
from pipeline.sandbox.world import Json, User, World

NO_BODY = "Unexpected character at position 0,\n\n^ expected a JSON value but found EOI"


def read_body(habits: ValueHabits, body: bytes, *, csv: bool) -> Payload | None:
    """Give the payload of a body; None when the old engine can make nothing of it.

    The new engine refuses broken JSON with 400 and takes a list for an empty object.
    """
    if csv:
        return payload_of_csv(body.decode())
    try:
        content = parse(body)
    except ValueError as reason:
        if not habits.strict_json:
            return None
        raise RefusalError(400, _complaint(body, reason)) from reason
    if not isinstance(content, dict):
        return Payload() if habits.strict_json else None
    return payload_of(content, strict=habits.strict_json)


def _complaint(body: bytes, reason: ValueError) -> str:
    text = body.decode(errors="replace").strip()
    if not text:
        return NO_BODY
    if isinstance(reason, json.JSONDecodeError) and reason.pos >= len(text) - 1:
        closing = "]" if text.rfind("[") > text.rfind("{") else "}"
        return f"Expected {closing} but reach EOI: {text}"
    return f"Unexpected character at position {getattr(reason, 'pos', 0)}"


def write_data_values(
    world: World,
    habits: ValueHabits,
    user: User,
    payload: Payload | None,
    query: Mapping[str, str],
    now: datetime,
) -> tuple[int, Json]:
    """Write what the generation writes of a payload; give status and body of the answer."""
    options = import_options(query, knows_atomic=habits.knows_atomic)
    if payload is None:
        report = broken_off("Post-condition was null")
        return answer_of(report, options.echo, warning=habits.warning)
    echo = options.echo
    if habits.strict_json and payload.schemes:
        echo = echo | {"idSchemes": scheme_echo({**payload.schemes, **options.schemes})}
    report = habits.engine(world, user, payload, options, now)
    complete = _completed(world, habits, user, payload, options, report, now)
    return answer_of(
        Report(**(vars(report) | {"complete": complete})), echo, warning=habits.warning
    )


def _completed(
    world: World,
    habits: ValueHabits,
    user: User,
    payload: Payload,
    options: ImportOptions,
    report: Report,
    now: datetime,
) -> str:
    """Complete the data set the payload says is complete; give the date or `false`."""
    period, day = find_period(payload.period), payload.complete_date
    refused = report.status == "ERROR" or (
        report.status != "SUCCESS" and not habits.completes_in_spite
    )
    if refused or day is None or period is None:
        return "false"
    facts = Facts(world)
    schemes = schemes_of(payload.schemes, options.schemes)
    named, unit = payload.data_set or options.data_set, payload.org_unit
    data_set = facts.find("dataSet", schemes["dataSet"], named)
    org_unit = facts.find("orgUnit", schemes["orgUnit"], unit)
    if data_set is None or org_unit is None:
        return "false"
    attribute = payload.attribute_option_combo
    combo = attribute or facts.default_combo
    if not options.dry_run:
        world.registrations[(data_set, period.id, org_unit, combo)] = {
            "date": midnight(date.fromisoformat(day[:10])),
            "storedBy": user.username,
            "completed": True,
            "lastUpdated": now,
            "lastUpdatedBy": user.username,
        }
    return day[:10]
