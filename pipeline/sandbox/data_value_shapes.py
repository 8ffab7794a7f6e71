"""How each generation hands out the values that were asked for: JSON or CSV."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime

from pipeline.sandbox.data_value_csv import csv_of
from pipeline.sandbox.data_value_facts import Facts, Visit
from pipeline.sandbox.data_value_reading import Asked, Found
from pipeline.sandbox.envelopes import RefusalError
from pipeline.sandbox.world import Json, StoredValue, ValueKey

UNNAMED = {
    "dataElement": ("E8201", "data element(s)"),
    "orgUnit": ("E8202", "org unit(s)"),
    "categoryOptionCombo": ("E8203", "category option combo(s)"),
    "attributeOptionCombo": ("E8204", "attribute option combo(s)"),
}
ECHOED = (
    "dataSet",
    "dataElement",
    "orgUnit",
    "categoryOptionCombo",
    "attributeOptionCombo",
)
MORE_ECHOED = ("category", "categoryOption")


def moment(when: datetime) -> str:
    """Give a time the way data values carry it: milliseconds and a zone."""
    return f"{when.astimezone(UTC):%Y-%m-%dT%H:%M:%S}.{when.microsecond // 1000:03}+0000"


def old_json(visit: Visit, asked: Asked, found: Found) -> Json:
    """Give values with every field in every value; the root names them if there is one of each."""
    facts = visit.facts
    root: Json = {}
    if len(asked.data_sets) == len(asked.periods) == len(asked.named_units) == 1:
        root = _old_root(visit, asked)
    return root | {"dataValues": [_old_value(facts, asked.schemes, *pair) for pair in found]}


def _old_root(visit: Visit, asked: Asked) -> Json:
    facts = visit.facts
    data_set, period, unit = asked.data_sets[0], asked.periods[0].id, asked.named_units[0]
    done = visit.world.registrations.get((data_set, period, unit, facts.default_combo))
    completed = done is not None and done["completed"]
    return {
        "dataSet": facts.name("dataSet", asked.schemes["dataSet"], data_set),
        "completeDate": moment(done["date"]) if done and completed else None,
        "period": period,
        "orgUnit": facts.name("orgUnit", asked.schemes["orgUnit"], unit),
    }


def _names(facts: Facts, schemes: Mapping[str, str], key: ValueKey) -> dict[str, str | None]:
    return {
        "dataElement": facts.name("dataElement", schemes["dataElement"], key.data_element),
        "period": key.period,
        "orgUnit": facts.name("orgUnit", schemes["orgUnit"], key.org_unit),
        "categoryOptionCombo": facts.name(
            "categoryOptionCombo", schemes["categoryOptionCombo"], key.category_option_combo
        ),
        "attributeOptionCombo": facts.name(
            "attributeOptionCombo", schemes["attributeOptionCombo"], key.attribute_option_combo
        ),
    }


def _old_value(facts: Facts, schemes: Mapping[str, str], key: ValueKey, value: StoredValue) -> Json:
    return {
        **_names(facts, schemes, key),
        "value": value.value,
        "storedBy": value.stored_by,
        "created": moment(value.created),
        "lastUpdated": moment(value.last_updated),
        "comment": value.comment,
        "followup": value.followup,
        **({"deleted": True} if value.deleted else {}),
    }


def new_json(visit: Visit, asked: Asked, found: Found) -> Json:
    """Give values without what the query named once: that stands at the root, nulls nowhere."""
    facts = visit.facts
    _refuse_unnamed(facts, asked, found)
    root = _new_root(facts, asked)
    values = [_new_value(facts, asked.schemes, root, *pair) for pair in found]
    return root | _scheme_echo(asked) | {"dataValues": values}


def _new_root(facts: Facts, asked: Asked) -> Json:
    once: dict[str, str | None] = {}
    if len(asked.data_sets) == 1:
        once["dataSet"] = _named(facts, asked, "dataSet", asked.data_sets[0])
    if len(asked.periods) == 1:
        once["period"] = asked.periods[0].id
    if len(asked.named_units) == 1 and not asked.children and not asked.grouped:
        once["orgUnit"] = _named(facts, asked, "orgUnit", asked.named_units[0])
    if len(asked.attribute_combos) == 1:
        combo = asked.attribute_combos[0]
        once["attributeOptionCombo"] = _named(facts, asked, "attributeOptionCombo", combo)
    return once


def _named(facts: Facts, asked: Asked, kind: str, uid: str) -> str:
    return facts.name(kind, asked.schemes[kind], uid) or uid


def _scheme_echo(asked: Asked) -> Json:
    echo = {
        f"{kind}IdScheme": asked.schemes[kind] for kind in ECHOED if asked.schemes[kind] != "UID"
    }
    if len(echo) == len(ECHOED):
        echo |= {f"{kind}IdScheme": asked.schemes["dataSet"] for kind in MORE_ECHOED}
    return dict(echo)


def _refuse_unnamed(facts: Facts, asked: Asked, found: Found) -> None:
    names = [_names(facts, asked.schemes, key) for key, _ in found]
    uids = [_names(facts, dict.fromkeys(asked.schemes, "UID"), key) for key, _ in found]
    for kind, (code, what) in UNNAMED.items():
        nameless = [
            str(uid[kind]) for name, uid in zip(names, uids, strict=True) if name[kind] is None
        ]
        if nameless:
            scheme = asked.schemes[kind]
            shown = "ATTR" if scheme.startswith("ATTRIBUTE") else scheme
            text = (
                f"Export as {shown} not possible as the property is undefined for {what}: "
                f"`[{', '.join(dict.fromkeys(nameless))}]`"
            )
            raise RefusalError(409, text, code)


def _new_value(
    facts: Facts, schemes: Mapping[str, str], root: Json, key: ValueKey, value: StoredValue
) -> Json:
    members = {
        **_names(facts, schemes, key),
        "value": value.value,
        "storedBy": value.stored_by,
        "created": moment(value.created),
        "lastUpdated": moment(value.last_updated),
        "comment": value.comment,
        "followup": value.followup or None,
        "deleted": value.deleted or None,
    }
    return {
        name: member for name, member in members.items() if member is not None and name not in root
    }


def values_csv(visit: Visit, asked: Asked, found: Found, *, tells_false: bool) -> str:
    """Give values as CSV; old servers write `false` for followup and `null` for deleted."""
    facts = visit.facts
    if not tells_false:
        _refuse_unnamed(facts, asked, found)
    return csv_of(_line(facts, asked, pair, tells_false=tells_false) for pair in found)


def _line(
    facts: Facts, asked: Asked, pair: tuple[ValueKey, StoredValue], *, tells_false: bool
) -> Iterable[str | None]:
    key, value = pair
    followup, deleted = ("false", "null") if tells_false else ("", "false")
    return [
        *_names(facts, asked.schemes, key).values(),
        value.value,
        value.stored_by,
        moment(value.last_updated),
        value.comment,
        "true" if value.followup else followup,
        "true" if value.deleted else deleted,
    ]
