"""How the new engine writes: the request is one group, and only a bad value falls alone."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from pipeline.sandbox.data_value_checks_new import (
    MISSING,
    Entry,
    Group,
    GroupRefusalError,
    check,
    decode,
    detect,
    printed,
)
from pipeline.sandbox.data_value_facts import Facts
from pipeline.sandbox.data_value_payload import ImportOptions, Payload, Row
from pipeline.sandbox.data_value_periods import find_period
from pipeline.sandbox.data_value_reports import Counts, Report
from pipeline.sandbox.data_value_types import (
    MORE_NO,
    MORE_YES,
    fault_of,
    stored,
    without_zero_decimals,
)
from pipeline.sandbox.data_value_writing_old import schemes_of
from pipeline.sandbox.envelopes import RefusalError
from pipeline.sandbox.world import Json, StoredValue, User, ValueKey, World

NUL = "\0"
NO_GROUP = (
    'Cannot invoke "org.hisp.dhis.datavalue.DataEntryGroup.deletion()" because "group" is null'
)
BEFORE_THE_GROUP = [-1]


@dataclass(frozen=True)
class BadValue:
    """Why one value is refused."""

    index: int
    code: str
    culprit: str
    text: str


def write_group(
    world: World, user: User, payload: Payload, options: ImportOptions, now: datetime
) -> Report:
    """Write everything, everything but bad values, or nothing."""
    facts = Facts(world)
    schemes = schemes_of(payload.schemes, options.schemes)
    try:
        entries = decoded(facts, payload, schemes)
    except GroupRefusalError as refusal:
        return _refused(refusal, BEFORE_THE_GROUP)
    scope = _scope(facts, payload.deletion, schemes)
    if not entries and not scope:
        return Report("SUCCESS", Counts())
    try:
        group = _group(facts, world, user, payload, options, (*entries, *scope), schemes, now)
        check(group)
    except GroupRefusalError as refusal:
        return _refused(refusal, [row.index for row in payload.rows])
    return _write(group, entries, scope)


def decoded(facts: Facts, payload: Payload, schemes: Mapping[str, str]) -> tuple[Entry, ...]:
    """Give the rows in uids; the first one that cannot be read refuses the request.

    A period that is no period ends in a 500, as it does on the server.
    """
    return tuple(_entry(facts, row, payload, schemes) for row in payload.rows)


def _entry(facts: Facts, row: Row, payload: Payload, schemes: Mapping[str, str]) -> Entry:
    _complete(row)
    if payload.unknown_columns and not row.category_option_combo:
        shown = f"{{{', '.join(f'{name}=null' for name in payload.unknown_columns)}}}"
        text = f"Value #{row.index} data set is required to decode category options: `{shown}`"
        raise GroupRefusalError("E8101", f"{row.index}-{shown}", text)
    element, unit, combo, attribute = (
        decode(facts, schemes, kind, row.index, text)
        for kind, text in (
            ("dataElement", row.data_element),
            ("orgUnit", row.org_unit),
            ("categoryOptionCombo", row.category_option_combo),
            ("attributeOptionCombo", row.attribute_option_combo),
        )
    )
    period = find_period(row.period)
    if period is None or element is None or unit is None:
        raise RefusalError(500, NO_GROUP)
    return Entry(row, element, period, unit, combo, attribute)


def _complete(row: Row) -> None:
    there = {"dataElement": row.data_element, "orgUnit": row.org_unit, "period": row.period}
    for kind, word in there.items():
        if not word:
            code, what = MISSING[kind]
            shown = printed(row)
            raise GroupRefusalError(
                code,
                f"{row.index}-{shown}",
                f"Value #{row.index} {what} not defined in group or value: `{shown}`",
            )


def _scope(facts: Facts, deletion: Json | None, schemes: Mapping[str, str]) -> tuple[Entry, ...]:
    """Give every cell of a deletion scope; an element without option combo means the default."""
    if not deletion:
        return ()
    default = facts.default_combo
    cells = []
    for unit in deletion.get("orgUnits", []):
        for text in deletion.get("periods", []):
            for element in deletion.get("elements", []):
                row = Row(-1, deleted=True)
                words = [element["dataElement"], unit]
                words += [element.get("categoryOptionCombo"), element.get("attributeOptionCombo")]
                kinds = ("dataElement", "orgUnit", "categoryOptionCombo", "attributeOptionCombo")
                found = [
                    decode(facts, schemes, kind, -1, word)
                    for kind, word in zip(kinds, words, strict=True)
                ]
                period = find_period(text)
                if period is None:
                    raise RefusalError(500, NO_GROUP)
                cells.append(
                    Entry(
                        row, found[0] or "", period, found[1] or "", found[2] or default, found[3]
                    )
                )
    return tuple(cells)


def _group(
    facts: Facts,
    world: World,
    user: User,
    payload: Payload,
    options: ImportOptions,
    entries: Sequence[Entry],
    schemes: Mapping[str, str],
    now: datetime,
) -> Group:
    named = payload.data_set or options.data_set
    data_set = (
        facts.find("dataSet", schemes["dataSet"], named) or named
        if named
        else detect(facts, [entry.data_element for entry in entries])
    )
    unknown = {"id": data_set, "periodType": "", "categoryCombo": {"id": ""}}
    found = facts.data_sets.get(data_set, unknown)
    return Group(world, facts, user, options, found, tuple(entries), now)


def _write(group: Group, entries: Sequence[Entry], scope: Sequence[Entry]) -> Report:
    bad = [fault for entry in entries if (fault := _fault(group, entry))]
    if bad and group.options.atomic:
        return _all_or_nothing(entries, bad)
    refused = {fault.index for fault in bad}
    good = [entry for entry in entries if entry.row.index not in refused]
    conflicts = [_conflict(one.code, one.culprit, one.text, [one.index]) for one in bad]
    counts = _store(group, good, scope)
    counts.ignored += len(bad)
    status = "SUCCESS" if not bad else "WARNING" if good else "ERROR"
    return Report(status, counts, conflicts, sorted(refused))


def _fault(group: Group, entry: Entry) -> BadValue | None:
    row, element = entry.row, group.facts.elements[entry.data_element]
    index, value, kind = row.index, row.value, element["valueType"]
    if not value:
        if row.deleted or group.options.strategy == "DELETE":
            return None
        return BadValue(index, "E8120", f"{index}", f"Value #{index} value is required")
    if not value.strip():
        return None
    codes = group.facts.options_of(element)
    key = fault_of(kind, without_zero_decimals(kind, value), MORE_YES, MORE_NO)
    if key:
        text = f"Value #{index} value `{value}` is no valid {kind}: {key}"
        return BadValue(index, "E8122", f"{index}-{value}-{kind}-{key}", text)
    if codes is not None and value not in codes:
        text = (
            f"Value #{index} value `{value}` is no valid option for data element `{element['id']}`"
        )
        return BadValue(index, "E8123", f"{index}-{value}-{element['id']}", text)
    return None


def _store(group: Group, good: Sequence[Entry], scope: Sequence[Entry]) -> Counts:
    """Put the values in the table; a NUL in one of them and the database takes none."""
    if any(NUL in (entry.row.value or "") + (entry.row.comment or "") for entry in good):
        return Counts(ignored=len(good))
    cleared = [_key(group, entry) for entry in scope]
    gone = sum(key in group.world.values for key in cleared)
    if not group.options.dry_run:
        for key in cleared:
            _clear(group, key)
        for entry in good:
            _put(group, entry)
    if group.options.strategy == "DELETE":
        return Counts(deleted=gone + len(good))
    return Counts(updated=len(good), deleted=gone)


def _key(group: Group, entry: Entry) -> ValueKey:
    default = group.facts.default_combo
    return ValueKey(
        entry.data_element,
        entry.period.id,
        entry.org_unit,
        entry.option_combo or default,
        entry.attribute_combo or default,
    )


def _clear(group: Group, key: ValueKey) -> None:
    there = group.world.values.get(key)
    if there is not None:
        there.value, there.deleted = None, True
        there.stored_by, there.last_updated = group.user.username, group.now


def _put(group: Group, entry: Entry) -> None:
    key, row = _key(group, entry), entry.row
    there = group.world.values.get(key)
    kind = group.facts.elements[entry.data_element]["valueType"]
    value = row.value
    if value and value.strip():
        value = stored(kind, without_zero_decimals(kind, value), MORE_YES)
    group.world.values[key] = StoredValue(
        value=value or None,
        stored_by=group.user.username,
        created=there.created if there else group.now,
        last_updated=group.now,
        comment=row.comment,
        followup=row.followup,
        deleted=row.deleted or group.options.strategy == "DELETE",
    )


def _all_or_nothing(entries: Sequence[Entry], bad: Sequence[BadValue]) -> Report:
    total, good, first = len(entries), len(entries) - len(bad), bad[0].text
    refusal = GroupRefusalError(
        "E8000",
        f"{good}-{total}-{first}",
        f"Atomic mode requires all values to be valid but only {good}/{total} were. "
        f"First issue: {first}",
    )
    return _refused(refusal, [entry.row.index for entry in entries])


def _refused(refusal: GroupRefusalError, indexes: list[int]) -> Report:
    conflict = _conflict(refusal.code, refusal.culprits, str(refusal), indexes)
    rejected = [] if indexes == BEFORE_THE_GROUP else indexes
    return Report("ERROR", Counts(), [conflict], rejected)


def _conflict(code: str, culprits: str, text: str, indexes: list[int]) -> Json:
    return {"objects": {"args": culprits}, "value": text, "errorCode": code, "indexes": indexes}
