"""The ids of rows as the new engine decodes them: codes are looked up, uids are believed."""

from collections.abc import Mapping

from pipeline.cells.periods import Period
from sandbox.entry.lookups import Lookups
from sandbox.entry.periods import find_period
from sandbox.messages.envelopes import RefusalError
from sandbox.state.world import Json
from sandbox.values.new.group import Entry, GroupRefusalError
from sandbox.values.payload import Payload, Row

UID_LENGTH = 11
NO_GROUP = (
    'Cannot invoke "org.hisp.dhis.datavalue.DataEntryGroup.deletion()" because "group" is null'
)
MISSING = (("E8102", "data element"), ("E8105", "org unit"), ("E8100", "period"))
NOT_FOUND = {
    "dataElement": ("E8103", "E8104", "data element"),
    "orgUnit": ("E8107", "E8106", "org unit"),
    "categoryOptionCombo": ("E8108", "E8109", "category option combo"),
    "attributeOptionCombo": ("E8112", "E8113", "attribute option combo"),
}


def decoded(lookups: Lookups, payload: Payload, schemes: Mapping[str, str]) -> tuple[Entry, ...]:
    """The rows in uids; the first one that cannot be read refuses the request.

    A period that is no period ends in a 500, as it does on the server.
    """
    entries = []
    for row in payload.rows:
        _complete(row)
        _decodable(row, payload.unknown_columns)
        entries.append(_entry(lookups, schemes, row))
    return tuple(entries)


def scope_of(
    lookups: Lookups, deletion: Json | None, schemes: Mapping[str, str]
) -> tuple[Entry, ...]:
    """Every cell of a deletion scope; an element without option combo means the default."""
    scope = deletion or {}
    return tuple(
        _entry(
            lookups,
            schemes,
            Row(
                index=-1,
                data_element=element["dataElement"],
                period=period,
                org_unit=unit,
                category_option_combo=element.get("categoryOptionCombo") or lookups.default_combo,
                attribute_option_combo=element.get("attributeOptionCombo"),
                deleted=True,
            ),
        )
        for unit in scope.get("orgUnits", [])
        for period in scope.get("periods", [])
        for element in scope.get("elements", [])
    )


def _entry(lookups: Lookups, schemes: Mapping[str, str], row: Row) -> Entry:
    def uid(kind: str, text: str | None) -> str | None:
        return _decode(lookups, schemes[kind], kind, row.index, text) if text else None

    return Entry(
        row=row,
        data_element=uid("dataElement", row.data_element) or "",
        org_unit=uid("orgUnit", row.org_unit) or "",
        option_combo=uid("categoryOptionCombo", row.category_option_combo),
        attribute_combo=uid("attributeOptionCombo", row.attribute_option_combo),
        period=_period(row),
    )


def _period(row: Row) -> Period:
    period = find_period(row.period)
    if period is None:
        raise RefusalError(500, NO_GROUP)
    return period


def _complete(row: Row) -> None:
    needed = (row.data_element, row.org_unit, row.period)
    for (code, what), word in zip(MISSING, needed, strict=True):
        if not word:
            shown = printed(row)
            text = f"Value #{row.index} {what} not defined in group or value: `{shown}`"
            raise GroupRefusalError(code, f"{row.index}-{shown}", text)


def _decodable(row: Row, columns: tuple[str, ...]) -> None:
    """Refuse a CSV row that has columns nobody knows where its option combo should be."""
    if columns and not row.category_option_combo:
        shown = f"{{{', '.join(f'{name}=null' for name in columns)}}}"
        text = f"Value #{row.index} data set is required to decode category options: `{shown}`"
        raise GroupRefusalError("E8101", f"{row.index}-{shown}", text)


def _decode(lookups: Lookups, scheme: str, kind: str, index: int, text: str) -> str:
    absent, misshapen, what = NOT_FOUND[kind]
    if scheme == "UID":
        if len(text) != UID_LENGTH or not text.isalnum():
            reason = f"Value #{index} {what} UID not valid: `{text}`"
            raise GroupRefusalError(misshapen, f"{index}-{text}", reason)
        return text
    found = lookups.find(kind, scheme, text)
    if found is None:
        reason = f"Value #{index} {what} not found: `{text}`"
        raise GroupRefusalError(absent, f"{index}-{text}", reason)
    return found


def printed(row: Row) -> str:
    """A row the way the server prints it."""
    sent = (
        ("dataElement", row.data_element),
        ("orgUnit", row.org_unit),
        ("categoryOptionCombo", row.category_option_combo),
        ("categoryOptions", None),
        ("attributeOptionCombo", row.attribute_option_combo),
        ("attributeCombo", None),
        ("attributeOptions", None),
        ("period", row.period),
        ("value", row.value),
        ("comment", row.comment),
        ("followUp", "true" if row.followup else None),
        ("deleted", "true" if row.deleted else None),
    )
    return (
        f"Input[{', '.join(f'{name}={word}' if word else f'{name}=null' for name, word in sent)}]"
    )
