"""Read the values of a target out of an answer, in whichever form it came."""

from functools import partial

import polars as pl
from pandera.typing.polars import DataFrame

from pipeline.cells.key import KEY
from pipeline.dhis2.http.answers import RawAnswer, unusable
from pipeline.dhis2.http.refusals import raise_for_error
from pipeline.text.errors import ServerError
from schemas.frames import columns, trusted
from schemas.values import CurrentValues

COLUMNS = {
    "dataelement": "data_element",
    "period": "period",
    "orgunit": "org_unit",
    "categoryoptioncombo": "category_option_combo",
    "attributeoptioncombo": "attribute_option_combo",
    "value": "value",
    "storedby": "stored_by",
    "lastupdated": "last_updated",
    "comment": "comment",
    "deleted": "deleted",
}
REPLACEMENT = "\ufffd"  # stands where bytes were no text


def values_of(answer: RawAnswer) -> DataFrame[CurrentValues]:
    """Read the values out of an answer in CSV, or in JSON of the old generation; raises letters.

    What is no UTF-8, as comments of old databases may be, is read with replacement characters.
    """
    raise_for_error(answer)
    if not answer.body or answer.body.isspace():
        raise _nothing_to_see(answer)
    values = _rows_of_json(answer) if answer.is_json else _rows_of_csv(answer)
    values = (
        values.filter(pl.col("deleted").ne_missing("true"))
        .rename(COLUMNS)
        .select(columns(CurrentValues))
        .with_columns(_said("comment"), _said("stored_by"))
    )
    _insist_on_whole_keys(values, answer)
    return trusted(values, CurrentValues)


def _insist_on_whole_keys(values: pl.DataFrame, answer: RawAnswer) -> None:
    """Refuse rows that do not say, or no longer say, which cell they are about.

    A million rows have some thousand ids, so each is looked at once.
    """
    ids = {name: values[name].unique() for name in KEY}
    lacks = [name for name, texts in ids.items() if (texts.is_null() | (texts == "")).any()]
    if lacks:
        absent = ", ".join(lacks)
        raise unusable(answer, f"a table of values with an incomplete key (no {absent})")
    if any(texts.str.contains(REPLACEMENT, literal=True).any() for texts in ids.values()):
        raise unusable(answer, "a table of values with a damaged key")


def _nothing_to_see(answer: RawAnswer) -> ServerError:
    """The letter about an empty answer: so servers up to 2.42 refuse what an account may not see.

    See docs/dhis2.md, Reading data value sets.
    """
    letter = unusable(answer, "nothing at all where values were asked for")
    letter.remedy = (
        "give Tally's account data view org units on the target that hold its data capture org "
        "units, or none at all (`tally verify NAME` looks); if they do, look whether a proxy or a "
        "login page stands between"
    )
    return letter


def _rows_of_json(answer: RawAnswer) -> pl.DataFrame:
    """The rows of a JSON answer in the columns of CSV, all text; raises letters."""
    body = answer.json()
    rows = body.get("dataValues") if isinstance(body, dict) else None
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise unusable(answer, "JSON without a list of values")
    listed = [{name.lower(): member for name, member in row.items()} for row in rows]
    return pl.DataFrame(
        {name: [_text(row.get(name)) for row in listed] for name in COLUMNS},
        schema=dict.fromkeys(COLUMNS, pl.String),
    )


def _text(member: object) -> str | None:
    """A member of JSON as CSV would write it."""
    if member is None or isinstance(member, str):
        return member
    return str(member).lower() if isinstance(member, bool) else str(member)


def _rows_of_csv(answer: RawAnswer) -> pl.DataFrame:
    """The rows of a CSV answer as they stand; raises letters."""
    header = answer.body[: answer.body.find(b"\n")].decode("utf-8-sig", "replace").strip()
    names = header.replace('"', "").lower().split(",")
    if not set(COLUMNS) <= {*names} or not answer.body.endswith(b"\n"):
        raise unusable(answer, "a table of values that cannot be read")
    needed = [at for at, name in enumerate(names) if name in COLUMNS]
    try:
        return _table(answer.body, names, needed)
    except pl.exceptions.PolarsError as error:
        raise unusable(answer, "a table of values that is broken") from error


def _table(body: bytes, names: list[str], needed: list[int]) -> pl.DataFrame:
    """The needed columns of a table; bytes that are no text cost a second reading, and are rare."""
    read = partial(
        pl.read_csv,
        body,
        schema=dict.fromkeys(names, pl.String),
        columns=needed,
        has_header=False,
        skip_rows=1,
        raise_if_empty=False,
    )
    try:
        return read()
    except pl.exceptions.ComputeError:
        return read(encoding="utf8-lossy")


def _said(column: str) -> pl.Expr:
    """A text that a server may leave empty, or write as `null`; null where it did."""
    text = pl.col(column)
    return pl.when(text != "", text != "null").then(text)
