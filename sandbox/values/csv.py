"""Data values as CSV: read with the columns a server knows, written with every field filled."""

import csv
import io

from sandbox.values.payload import Payload, Row

FIELDS_OF_COLUMNS = {
    "dataelement": "data_element",
    "period": "period",
    "orgunit": "org_unit",
    "categoryoptioncombo": "category_option_combo",
    "attributeoptioncombo": "attribute_option_combo",
    "value": "value",
    "storedby": "stored_by",
    "comment": "comment",
}
FLAGS = ("followup", "deleted")
HEADER = (
    "dataelement",
    "period",
    "orgunit",
    "categoryoptioncombo",
    "attributeoptioncombo",
    "value",
    "storedby",
    "lastupdated",
    "comment",
    "followup",
    "deleted",
)


def payload_of_csv(text: str) -> Payload:
    """CSV with a header as a payload; columns nobody knows are remembered by name."""
    lines = csv.DictReader(io.StringIO(text))
    columns = [name.strip().lower() for name in lines.fieldnames or ()]
    lines.fieldnames = columns
    rows = tuple(_row(index, line) for index, line in enumerate(lines))
    unknown = tuple(name for name in columns if name not in FIELDS_OF_COLUMNS and name not in FLAGS)
    return Payload(rows=rows, unknown_columns=unknown)


def _row(index: int, line: dict[str, str]) -> Row:
    words = {field: line.get(column) or None for column, field in FIELDS_OF_COLUMNS.items()}
    return Row(
        index=index,
        **words,
        own_attribute_combo=words["attribute_option_combo"],
        followup=line.get("followup") == "true",
        deleted=line.get("deleted") == "true",
    )
