"""How each generation hands out the values that were asked for: JSON or CSV."""

from collections.abc import Iterable, Mapping

from sandbox.entry.context import Context
from sandbox.entry.lookups import Lookups
from sandbox.messages.envelopes import RefusalError
from sandbox.messages.tables import csv_text
from sandbox.state.timestamps import zoned_time
from sandbox.state.world import Json, StoredValue, ValueKey
from sandbox.values.csv import HEADER
from sandbox.values.reading import Found
from sandbox.values.selection import Selection

UNNAMED = {
    "dataElement": ("E8201", "data element(s)"),
    "orgUnit": ("E8202", "org unit(s)"),
    "categoryOptionCombo": ("E8203", "category option combo(s)"),
    "attributeOptionCombo": ("E8204", "attribute option combo(s)"),
}
KEY_FIELDS = {
    "dataElement": "data_element",
    "period": "period",
    "orgUnit": "org_unit",
    "categoryOptionCombo": "category_option_combo",
    "attributeOptionCombo": "attribute_option_combo",
}
ALWAYS_ECHOED = ("categoryIdScheme", "categoryOptionIdScheme")


def old_json(context: Context, selection: Selection, found: Found) -> Json:
    """Values with every field in every value; the root names them if there is one of each."""
    named = (selection.data_sets, selection.periods, selection.named_units)
    root = _old_root(context, selection) if all(len(ids) == 1 for ids in named) else {}
    every = (_members(context.lookups, selection, *pair) for pair in found)
    values = [
        {name: member for name, member in value.items() if name != "deleted" or member}
        for value in every
    ]
    return root | {"dataValues": values}


def _old_root(context: Context, selection: Selection) -> Json:
    (data_set,), (unit,) = selection.data_sets, selection.named_units
    period = selection.periods[0].id
    key = (data_set, period, unit, context.lookups.default_combo)
    done = context.world.registrations.get(key)
    return {
        "dataSet": context.lookups.name("dataSet", selection.schemes["dataSet"], data_set),
        "completeDate": zoned_time(done["date"]) if done and done["completed"] else None,
        "period": period,
        "orgUnit": context.lookups.name("orgUnit", selection.schemes["orgUnit"], unit),
    }


def new_json(context: Context, selection: Selection, found: Found) -> Json:
    """Values without what the query named once: that stands at the root, nulls nowhere."""
    refuse_unnamed(context.lookups, selection, found)
    root = _new_root(context.lookups, selection)
    every = (_members(context.lookups, selection, *pair) for pair in found)
    values = [
        {
            name: member
            for name, member in value.items()
            if name not in root and member is not None and member is not False
        }
        for value in every
    ]
    return root | _scheme_echo(selection) | {"dataValues": values}


def _new_root(lookups: Lookups, selection: Selection) -> Json:
    once = {
        "dataSet": selection.data_sets,
        "period": [period.id for period in selection.periods],
        "orgUnit": selection.named_units if selection.one_unit else [],
        "attributeOptionCombo": selection.attribute_combos,
    }
    return {
        kind: _name(lookups, selection, kind, uids[0]) or uids[0]
        for kind, uids in once.items()
        if len(uids) == 1
    }


def _scheme_echo(selection: Selection) -> Json:
    echo = {f"{kind}IdScheme": named for kind, named in selection.schemes.items() if named != "UID"}
    if len(echo) == len(selection.schemes):
        echo |= dict.fromkeys(ALWAYS_ECHOED, selection.schemes["dataSet"])
    return dict(echo)


def refuse_unnamed(lookups: Lookups, selection: Selection, found: Found) -> None:
    """Refuse a read in a scheme in which something it found has no name."""
    for kind, (code, what) in UNNAMED.items():
        uids = dict.fromkeys(getattr(key, KEY_FIELDS[kind]) for key, _ in found)
        nameless = [uid for uid in uids if _name(lookups, selection, kind, uid) is None]
        if nameless:
            scheme = selection.schemes[kind]
            shown = "ATTR" if scheme.startswith("ATTRIBUTE") else scheme
            text = (
                f"Export as {shown} not possible as the property is undefined for {what}: "
                f"`[{', '.join(nameless)}]`"
            )
            raise RefusalError(409, text, code)


def _name(lookups: Lookups, selection: Selection, kind: str, uid: str) -> str | None:
    return lookups.name(kind, selection.schemes.get(kind, "UID"), uid)


def _members(lookups: Lookups, selection: Selection, key: ValueKey, value: StoredValue) -> Json:
    """Every member of a value, named in the schemes of the query."""
    names = {
        kind: _name(lookups, selection, kind, uid)
        for kind, uid in zip(KEY_FIELDS, key, strict=True)
    }
    return {
        **names,
        "value": value.value,
        "storedBy": value.stored_by,
        "created": zoned_time(value.created),
        "lastUpdated": zoned_time(value.last_updated),
        "comment": value.comment,
        "followup": value.followup,
        "deleted": value.deleted,
    }


def old_csv(context: Context, selection: Selection, found: Found) -> str:
    """Values as CSV; what is not deleted says `null`."""
    words = {True: "true", False: "false"}, {True: "true", False: "null"}
    return csv_text(
        HEADER, (_line(_members(context.lookups, selection, *pair), *words) for pair in found)
    )


def new_csv(context: Context, selection: Selection, found: Found) -> str:
    """Values as CSV; what needs no follow-up says nothing."""
    refuse_unnamed(context.lookups, selection, found)
    words = {True: "true", False: ""}, {True: "true", False: "false"}
    return csv_text(
        HEADER, (_line(_members(context.lookups, selection, *pair), *words) for pair in found)
    )


def _line(
    members: Json, followup: Mapping[bool, str], deleted: Mapping[bool, str]
) -> Iterable[str | None]:
    shown = members | {
        "followup": followup[members["followup"]],
        "deleted": deleted[members["deleted"]],
    }
    return [member for name, member in shown.items() if name != "created"]
