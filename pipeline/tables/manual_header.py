"""What the header of a file of manual numbers means: which field is which column."""

import re
from collections.abc import Sequence

from pipeline.text.errors import UsageError
from pipeline.text.spelling import tidy

# Names that DHIS2, its apps and the tools around it give, the better ones first: where a file has
# an id and a name, the id is read. Names with one number are equally good.
_UNIT, _COMBO, _SET = "organisationunit", "categoryoptioncombo", "attributeoptioncombo"
_GOODNESS = {
    "manual_data_element": (
        ("dataelement", "dx"),
        ("dataelementid", "dataelementuid", "dataid"),
        ("dataelementcode", "datacode"),
        ("dataelementname", "dataname"),
    ),
    "manual_category_option_combo": (
        (_COMBO, "coc", "co"),
        (f"{_COMBO}id", f"{_COMBO}uid"),
        (f"{_COMBO}name",),
    ),
    "manual_attribute_option_combo": ((_SET, "aoc"), (f"{_SET}id", f"{_SET}uid"), (f"{_SET}name",)),
    "written_period": (("period", "pe"), ("periodid",), ("periodcode",), ("periodname",)),
    "written_unit": (
        ("orgunit", _UNIT, "ou"),
        ("orgunitid", "orgunituid", f"{_UNIT}id", f"{_UNIT}uid"),
        ("orgunitcode", f"{_UNIT}code"),
        ("orgunitname", f"{_UNIT}name"),
    ),
    "written": (("value",),),
    "deleted": (("deleted",),),
}
_LAST_RESORT = {"data": "manual_data_element"}  # Data Visualizer; elsewhere that may be a date
_NEEDED = ("manual_data_element", "written_period", "written_unit", "written")
_CALLED = dict(zip(_NEEDED, ("dataelement", "period", "orgunit", "value"), strict=True))
REMEDY = (
    "its columns are data_element, period, org_unit, value, and category_option_combo and "
    "attribute_option_combo where numbers are split up; others are not read"
)
# The header of DHIS2's own dataValueSets.csv; some versions write rows without the last field.
_EXPORT = (
    *("dataelement", "period", "orgunit", _COMBO, _SET, "value"),
    *("storedby", "lastupdated", "comment", "followup", "deleted"),
)


def written_columns(fields: Sequence[str]) -> list[str]:
    """The column that each field of a header names, an empty text where it is none of ours.

    Of several names of one column the best are taken.
    """
    plain = [plain_name(field) for field in fields]
    column_of: dict[str, str] = {}
    for column, levels in _GOODNESS.items():
        best = next((level for level in levels if {*level} & {*plain}), ())
        column_of |= dict.fromkeys(best, column)
    if not any(column_of.get(name) == "manual_data_element" for name in plain):
        column_of |= _LAST_RESORT
    return [column_of.get(name, "") for name in plain]


def is_header(fields: Sequence[str]) -> bool:
    """Whether these are the fields of a header: each column that is needed is among them."""
    return {*written_columns(fields)}.issuperset(_NEEDED)


def is_export(fields: Sequence[str]) -> bool:
    """Whether this is the header of DHIS2's own export, whose rows may lack the last field."""
    return tuple(map(plain_name, fields)) == _EXPORT


def insist_on_columns(fields: Sequence[str], where: str) -> None:
    """Raise `UsageError` that names the columns which a header lacks, when it lacks any."""
    names = {*written_columns(fields)}
    lacking = [_CALLED[column] for column in _NEEDED if column not in names]
    if lacking:
        raise UsageError(
            f"the file of manual numbers lacks columns: {', '.join(lacking)}",
            where=where,
            remedy=REMEDY,
        )


def columns_of_header(fields: Sequence[str], where: str) -> list[str]:
    """The column of each field of a header, an empty text where it is none of ours."""
    names = written_columns(fields)
    while names and not fields[len(names) - 1].strip():
        names.pop()
    if any(names.count(name) > 1 for name in _GOODNESS):
        raise UsageError(
            "a column of the file of manual numbers stands in its header twice",
            where=where,
            remedy=REMEDY,
        )
    return names


def plain_name(name: str) -> str:
    """The name of a field without blanks, quotes, marks and capital letters."""
    return re.sub(r"[\s_\"'-]", "", tidy(name)).lower()
