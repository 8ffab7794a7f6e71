"""What the header of a file of manual numbers means: which field is which column."""

import re
from collections.abc import Sequence

from pipeline.text.errors import UsageError
from pipeline.text.spelling import tidy

COLUMN_OF_FIELD = {
    "dataelement": "manual_data_element",
    "categoryoptioncombo": "manual_category_option_combo",
    "attributeoptioncombo": "manual_attribute_option_combo",
    "period": "written_period",
    "orgunit": "written_unit",
    "organisationunit": "written_unit",
    "value": "written",
    "deleted": "deleted",
}
_NEEDED = ("manual_data_element", "written_period", "written_unit", "written")
_REMEDY = (
    "its columns are data_element, period, org_unit, value, and category_option_combo and "
    "attribute_option_combo where numbers are split up; others are not read"
)


def written_columns(fields: Sequence[str]) -> list[str]:
    """The column that each field of a header names, an empty text where it is none of ours.

    Data Visualizer calls the data element "Data"; elsewhere that may be a date.
    """
    names = [COLUMN_OF_FIELD.get(plain_name(field), "") for field in fields]
    if "manual_data_element" in names:
        return names
    return [
        "manual_data_element" if plain_name(field) == "data" else name
        for field, name in zip(fields, names, strict=True)
    ]


def is_header(fields: Sequence[str]) -> bool:
    """Whether these are the fields of a header: each column that is needed is among them."""
    return {*written_columns(fields)}.issuperset(_NEEDED)


def insist_on_columns(fields: Sequence[str], where: str) -> None:
    """Raise `UsageError` that names the columns which a header lacks, when it lacks any."""
    if is_header(fields):
        return
    names = {*written_columns(fields)}
    missing = [
        name
        for name, column in COLUMN_OF_FIELD.items()
        if column in _NEEDED and column not in names
    ]
    lacking = ", ".join(name for name in missing if name != "organisationunit")
    raise UsageError(
        f"the file of manual numbers lacks columns: {lacking or 'it is empty'}",
        where=where,
        remedy=_REMEDY,
    )


def columns_of_header(fields: Sequence[str], where: str) -> list[str]:
    """The column of each field of a header, an empty text where it is none of ours."""
    names = written_columns(fields)
    while names and not fields[len(names) - 1].strip():
        names.pop()
    twice = [name for name in _NEEDED if names.count(name) > 1]
    if twice:
        raise UsageError(
            "a column of the file of manual numbers stands in its header twice",
            where=where,
            remedy=_REMEDY,
        )
    return names


def plain_name(name: str) -> str:
    """The name of a field without blanks, quotes, marks and capital letters."""
    return re.sub(r"[\s_\"'-]", "", tidy(name)).lower()
