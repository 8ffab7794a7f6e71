"""POST /api/dataValueSets: read the body, let the engine of the generation decide, sum up."""

import json
from collections.abc import Mapping
from dataclasses import replace

from sandbox.entry.completeness import registration
from sandbox.entry.context import Context
from sandbox.entry.import_options import ImportOptions, import_options, scheme_echo, schemes_of
from sandbox.entry.import_summary import summary_message
from sandbox.entry.periods import find_period
from sandbox.messages.envelopes import RefusalError
from sandbox.messages.request import parse_json
from sandbox.state.world import Json
from sandbox.values.csv import payload_of_csv
from sandbox.values.generations import ValueBehaviour
from sandbox.values.old.writing import aborted_report
from sandbox.values.payload import Payload, payload_of

NO_BODY = "Unexpected character at position 0,\n\n^ expected a JSON value but found EOI"


def read_body(behaviour: ValueBehaviour, body: bytes, *, csv: bool) -> Payload | None:
    """The payload of a body; None when the old engine can make nothing of it.

    The new engine refuses broken JSON with 400 and takes a list for an empty object.
    """
    if csv:
        return payload_of_csv(body.decode())
    try:
        content = parse_json(body)
    except ValueError as reason:
        if not behaviour.strict_json:
            return None
        raise RefusalError(400, _parse_error(body, reason)) from reason
    if not isinstance(content, dict):
        return Payload() if behaviour.strict_json else None
    return payload_of(content, strict=behaviour.strict_json)


def _parse_error(body: bytes, reason: ValueError) -> str:
    text = body.decode(errors="replace").strip()
    if not text:
        return NO_BODY
    if isinstance(reason, json.JSONDecodeError) and reason.pos >= len(text) - 1:
        closing = "]" if text.rfind("[") > text.rfind("{") else "}"
        return f"Expected {closing} but reach EOI: {text}"
    return f"Unexpected character at position {getattr(reason, 'pos', 0)}"


def write_data_values(
    context: Context, behaviour: ValueBehaviour, payload: Payload | None, query: Mapping[str, str]
) -> tuple[int, Json]:
    """Write what the generation writes of a payload; status and body of the answer come back."""
    options = import_options(query, knows_atomic=behaviour.generation.knows_atomic)
    if payload is None:
        report = aborted_report("Post-condition was null")
        return summary_message(report, options.echo, warning=behaviour.generation.warning)
    echo = options.echo
    if behaviour.strict_json and payload.schemes:
        echo = echo | {"idSchemes": scheme_echo({**payload.schemes, **options.schemes})}
    report = behaviour.engine(context, payload, options)
    written = report.status == "SUCCESS" or (
        report.status == "WARNING" and behaviour.completes_despite_conflicts
    )
    if written and _complete(context, payload, options):
        report = replace(report, complete=payload.complete_date)
    return summary_message(report, echo, warning=behaviour.generation.warning)


def _complete(context: Context, payload: Payload, options: ImportOptions) -> bool:
    """Register the data set that the payload says is complete; false when it does not say so."""
    lookups, schemes = context.lookups, schemes_of(payload.schemes, options.schemes)
    data_set = lookups.find("dataSet", schemes["dataSet"], payload.data_set)
    unit = lookups.find("orgUnit", schemes["orgUnit"], payload.org_unit)
    period = find_period(payload.period)
    if not (payload.complete_date and data_set and unit and period):
        return False
    named, scheme = payload.attribute_option_combo, schemes["attributeOptionCombo"]
    combo = lookups.find("attributeOptionCombo", scheme, named) or lookups.default_combo
    if not options.dry_run:
        key = (data_set, period.id, unit, combo)
        context.world.registrations[key] = registration(context, {"date": payload.complete_date})
    return True
