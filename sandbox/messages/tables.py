"""A table as CSV, as every server writes it."""

import csv
import io
from collections.abc import Iterable


def csv_text(header: Iterable[str], table: Iterable[Iterable[str | None]]) -> str:
    """A table as CSV text below its header; None is an empty field."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(table)
    return text.getvalue()
