"""The import of the new engine (2.43): one group is written, only bad values are left out."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from sandbox.entry.context import Context
from sandbox.entry.import_options import ImportOptions, schemes_of
from sandbox.entry.import_summary import Counts, Report
from sandbox.entry.types import MORE_NO, MORE_YES, fault_of, stored, without_zero_decimals
from sandbox.state.world import Json, StoredValue, ValueKey
from sandbox.values.new.checks import check, detect
from sandbox.values.new.decoding import decoded, scope_of
from sandbox.values.new.group import Entry, Group, GroupRefusalError
from sandbox.values.payload import Payload

NUL = "\0"


class BadValue(NamedTuple):
    """Why the value of one row is refused."""

    row: int
    code: str
    argument: str
    text: str


def write_group(context: Context, payload: Payload, options: ImportOptions) -> Report:
    """Write everything, everything but bad values, or nothing."""
    schemes = schemes_of(payload.schemes, options.schemes)
    try:
        entries = decoded(context.lookups, payload, schemes)
        scope = scope_of(context.lookups, payload.deletion, schemes)
    except GroupRefusalError as refusal:
        conflict = _conflict(refusal.code, refusal.arguments, str(refusal), [-1])
        return Report("ERROR", Counts(), [conflict], complete=None)
    if not entries and not scope:
        return Report("SUCCESS", Counts())
    rows = [entry.row.index for entry in entries]
    try:
        data_set = _data_set(context, payload.data_set or options.data_set, schemes, entries)
        group = Group(context, options, data_set, (*entries, *scope))
        check(group)
    except GroupRefusalError as refusal:
        conflict = _conflict(refusal.code, refusal.arguments, str(refusal), rows)
        return Report("ERROR", Counts(), [conflict], rows)
    return _write(group, entries, scope)


def _data_set(
    context: Context, named: str | None, schemes: Mapping[str, str], entries: Sequence[Entry]
) -> Json:
    """The data set of the request; one that is not there has no members."""
    if named:
        uid = context.lookups.find("dataSet", schemes["dataSet"], named) or named
    else:
        uid = detect(context.lookups, [entry.data_element for entry in entries])
    return context.lookups.data_sets.get(uid, {"id": uid})


def _write(group: Group, entries: Sequence[Entry], scope: Sequence[Entry]) -> Report:
    bad = [found for entry in entries if (found := _bad_value(group, entry))]
    if bad and group.options.atomic:
        return _atomic_report(entries, bad)
    refused = {one.row for one in bad}
    good = [entry for entry in entries if entry.row.index not in refused]
    counts = _store(group, good, scope)
    counts.ignored += len(bad)
    conflicts = [_conflict(one.code, one.argument, one.text, [one.row]) for one in bad]
    status = "SUCCESS" if not bad else "WARNING" if good else "ERROR"
    return Report(status, counts, conflicts, sorted(refused))


def _atomic_report(entries: Sequence[Entry], bad: Sequence[BadValue]) -> Report:
    total, good, first = len(entries), len(entries) - len(bad), bad[0].text
    text = (
        f"Atomic mode requires all values to be valid but only {good}/{total} were."
        f" First issue: {first}"
    )
    rows = [entry.row.index for entry in entries]
    conflict = _conflict("E8000", f"{good}-{total}-{first}", text, rows)
    return Report("ERROR", Counts(), [conflict], rows, complete=None)


def _conflict(code: str, arguments: str, text: str, indexes: list[int]) -> Json:
    return {"objects": {"args": arguments}, "value": text, "errorCode": code, "indexes": indexes}


def _bad_value(group: Group, entry: Entry) -> BadValue | None:
    row, element = entry.row, group.lookups.elements[entry.data_element]
    index, value, kind = row.index, row.value, element["valueType"]
    if not value:
        if row.deleted or group.options.strategy == "DELETE":
            return None
        return BadValue(index, "E8120", f"{index}", f"Value #{index} value is required")
    if not value.strip():
        return None
    key = fault_of(kind, without_zero_decimals(kind, value), MORE_YES, MORE_NO)
    if key:
        text = f"Value #{index} value `{value}` is no valid {kind}: {key}"
        return BadValue(index, "E8122", f"{index}-{value}-{kind}-{key}", text)
    codes = group.lookups.options_of(element)
    if codes is not None and value not in codes:
        uid = element["id"]
        text = f"Value #{index} value `{value}` is no valid option for data element `{uid}`"
        return BadValue(index, "E8123", f"{index}-{value}-{uid}", text)
    return None


def _store(group: Group, good: Sequence[Entry], scope: Sequence[Entry]) -> Counts:
    """Put the values in the table; a NUL in one of them and the database takes none."""
    if any(NUL in (entry.row.value or "") + (entry.row.comment or "") for entry in good):
        return Counts(ignored=len(good))
    cleared = [key for entry in scope if (key := _key(group, entry)) in group.context.world.values]
    if not group.options.dry_run:
        for key in cleared:
            _clear(group, key)
        for entry in good:
            _put(group, entry)
    if group.options.strategy == "DELETE":
        return Counts(deleted=len(cleared) + len(good))
    return Counts(updated=len(good), deleted=len(cleared))


def _key(group: Group, entry: Entry) -> ValueKey:
    default = group.lookups.default_combo
    return ValueKey(
        *(entry.data_element, entry.period.id, entry.org_unit),
        *(entry.option_combo or default, entry.attribute_combo or default),
    )


def _clear(group: Group, key: ValueKey) -> None:
    there = group.context.world.values[key]
    there.value, there.deleted = None, True
    there.stored_by, there.last_updated = group.context.user.username, group.context.now


def _put(group: Group, entry: Entry) -> None:
    key, row = _key(group, entry), entry.row
    there = group.context.world.values.get(key)
    kind = group.lookups.elements[entry.data_element]["valueType"]
    value = row.value
    if value and value.strip():
        value = stored(kind, without_zero_decimals(kind, value), MORE_YES)
    group.context.world.values[key] = StoredValue(
        value=value or None,
        stored_by=group.context.user.username,
        created=there.created if there else group.context.now,
        last_updated=group.context.now,
        comment=row.comment,
        followup=row.followup,
        deleted=row.deleted or group.options.strategy == "DELETE",
    )
