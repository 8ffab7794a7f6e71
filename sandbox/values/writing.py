"""POST /api/dataValueSets: read the body, let the engine of the generation decide, answer."""

import json
from collections.abc import Mapping
from dataclasses import replace

from sandbox.entry.completeness import registration
from sandbox.entry.facts import Visit
from sandbox.entry.periods import find_period
from sandbox.http.envelopes import RefusalError
from sandbox.state.world import Json
from sandbox.values.csv import payload_of_csv
from sandbox.values.generations import ValueHabits
from sandbox.values.old.writing import broken_off
from sandbox.values.options import ImportOptions, import_options, scheme_echo, schemes_of
from sandbox.values.payload import Payload, parse, payload_of
from sandbox.values.reports import answer_of

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
    visit: Visit, habits: ValueHabits, payload: Payload | None, query: Mapping[str, str]
) -> tuple[int, Json]:
    """Write what the generation writes of a payload; give status and body of the answer."""
    options = import_options(query, knows_atomic=habits.knows_atomic)
    if payload is None:
        report = broken_off("Post-condition was null")
        return answer_of(report, options.echo, warning=habits.warning)
    echo = options.echo
    if habits.strict_json and payload.schemes:
        echo = echo | {"idSchemes": scheme_echo({**payload.schemes, **options.schemes})}
    report = habits.engine(visit, payload, options)
    written = report.status == "SUCCESS" or (
        report.status == "WARNING" and habits.completes_in_spite
    )
    if written and _complete(visit, payload, options):
        report = replace(report, complete=payload.complete_date)
    return answer_of(report, echo, warning=habits.warning)


def _complete(visit: Visit, payload: Payload, options: ImportOptions) -> bool:
    """Complete the data set the payload says is complete; tell whether it does say so."""
    facts, schemes = visit.facts, schemes_of(payload.schemes, options.schemes)
    data_set = facts.find("dataSet", schemes["dataSet"], payload.data_set)
    unit = facts.find("orgUnit", schemes["orgUnit"], payload.org_unit)
    period = find_period(payload.period)
    if not (payload.complete_date and data_set and unit and period):
        return False
    named, scheme = payload.attribute_option_combo, schemes["attributeOptionCombo"]
    combo = facts.find("attributeOptionCombo", scheme, named) or facts.default_combo
    if not options.dry_run:
        key = (data_set, period.id, unit, combo)
        visit.world.registrations[key] = registration(visit, {"date": payload.complete_date})
    return True
