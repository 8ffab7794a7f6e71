"""Take a text with separators apart: which fields stand in which line, and no line is lost.

Spreadsheets, exports and editors write tables in many manners. What is without doubt is read;
what is not comes back as a line that does not fit. Every line is a part of the header, of a row,
of a line that does not fit, or it is blank.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

import polars as pl

from schemas.uids import UID_TEXT

SEPARATORS = ",;\t|"
MOST_LINES_OF_A_ROW = 50  # a quoted text with line breaks is an address or a remark, no chapter
MOST_LINES_ABOVE = 50  # titles above a header
_QUOTE = '"'
_ID = re.compile(UID_TEXT)


class Undecodable(NamedTuple):
    """Why bytes are no text: the line, as an editor counts, and what is to be done."""

    line: int
    what: str


class Header(NamedTuple):
    """Where the header stands: its line, the separator, and its fields without blanks around."""

    line: int
    separator: str
    fields: list[str]


class Misfit(NamedTuple):
    """Lines that are no row: the first of them, how many, the fields found, and what stands there.

    They have not as many fields as the header, or it is not sure whether a quote is a letter
    (`is_doubtful`: then they may be one row or several).
    """

    line: int
    lines: int
    fields: int
    text: str

    @property
    def is_doubtful(self) -> bool:
        """Whether a quote is what is wrong, not the number of fields."""
        return self.lines > 1


class Delimited(NamedTuple):
    """What stands below a header.

    `rows`: line (Int64, where the row begins), lines (Int64, how many it takes), and `field_1` …
    for each field of the header, text without blanks around. `blank`: how many lines are empty.
    """

    rows: pl.DataFrame
    misfits: list[Misfit]
    blank: int


def decode(content: bytes) -> str | Undecodable:
    """Read bytes as UTF-8 or UTF-16 text; line ends become one kind."""
    encoding = "utf-16" if content[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError as error:
        before = content[: error.start].replace(b"\r\n", b"\n").replace(b"\r", b"\n")
        return Undecodable(before.count(b"\n") + 1, "is not written in UTF-8")
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if "\0" in text:
        return Undecodable(text[: text.index("\0")].count("\n") + 1, "is no text")
    return text


def first_lines(text: str) -> Iterator[str]:
    """The first lines of a text, among which a header is looked for."""
    at = 0
    for _ in range(MOST_LINES_ABOVE):
        end = text.find("\n", at)
        yield text[at:] if end < 0 else text[at:end]
        if end < 0:
            return
        at = end + 1


def find_header(text: str, fits: Callable[[Sequence[str]], bool]) -> Header | None:
    """Find the first line near the top whose fields `fits` takes for a header.

    A line `sep=;` before it, as Excel reads one, names the separator.
    """
    separators = SEPARATORS
    for number, line in enumerate(first_lines(text), start=1):
        if number == 1 and line.lower().startswith("sep=") and len(line.strip()) == len("sep=;"):
            separators = line.strip()[-1]
            continue
        for separator in separators:
            fields = _fields(line, separator) or line.split(separator)
            stripped = [field.strip() for field in fields]
            if fits(stripped):
                return Header(number, separator, stripped)
    return None


def rows_below(text: str, header: Header) -> Delimited:
    """Read the rows below a header: each has as many fields as it, or it is a misfit.

    Empty fields behind the header's last one are none. A quote that does not begin and end a
    field is a letter like any other; so is one that is not closed.
    """
    width, separator = _width(header.fields), header.separator
    lines = pl.DataFrame({"text": [text]}).select(pl.col("text").str.split("\n")).explode("text")
    below = lines.with_row_index("line", offset=1).with_columns(pl.col("line").cast(pl.Int64))
    below = below.filter(pl.col("line") > header.line)
    if text.endswith("\n"):
        below = below.head(-1) if below.height else below
    is_blank = pl.col("text").str.strip_chars(f"{separator} \t\u00a0") == ""
    is_quoted = pl.col("text").str.contains(_QUOTE, literal=True)
    quoted, taken, misfits = _quoted_rows(below, width, separator, is_quoted)
    others = below.filter(~is_quoted & ~pl.col("line").is_in(taken))
    blank = others.filter(is_blank).height
    plain = others.filter(~is_blank).with_columns(
        fields=pl.col("text").str.count_matches(separator, literal=True).cast(pl.Int64) + 1,
        rest=pl.col("text").str.splitn(separator, width + 1).struct.field(f"field_{width}"),
    )
    fit = (pl.col("fields") == width) | (
        (pl.col("fields") > width)
        & (pl.col("rest").fill_null("").str.strip_chars(f"{separator} \t") == "")
    )
    misfits += [
        Misfit(line, 1, fields, text)
        for line, fields, text in plain.filter(~fit).select("line", "fields", "text").rows()
    ]
    parts = pl.col("text").str.splitn(separator, width + 1).struct
    unquoted = plain.filter(fit).select(
        "line",
        pl.lit(1, pl.Int64).alias("lines"),
        *(parts.field(f"field_{at}").alias(f"field_{at + 1}") for at in range(width)),
    )
    rows = pl.concat([unquoted, quoted]).sort("line")
    texts = pl.col(rows.columns[2:]).fill_null("").str.strip_chars()
    return Delimited(rows.with_columns(texts), sorted(misfits), blank)


def with_last_field(below: Delimited, header: Header) -> Delimited:
    """The same, where rows that end before the header's last field are rows: it is then empty."""
    width = _width(header.fields)
    short = {
        one.line: [*_with_stray_quotes(one.text, header.separator), ""]
        for one in below.misfits
        if not one.is_doubtful and one.fields == width - 1
    }
    fields = [[field.strip() for field in row] for row in short.values()]
    added = pl.DataFrame(
        [[line, 1, *row] for line, row in zip(short, fields, strict=True)],
        schema=below.rows.schema,
        orient="row",
    )
    misfits = [one for one in below.misfits if one.line not in short]
    return Delimited(pl.concat([below.rows, added]).sort("line"), misfits, below.blank)


def _width(fields: Sequence[str]) -> int:
    """The place of the last field of a header that is not empty."""
    return max(at for at, field in enumerate(fields, start=1) if field)


def _quoted_rows(
    below: pl.DataFrame, width: int, separator: str, is_quoted: pl.Expr
) -> tuple[pl.DataFrame, list[int], list[Misfit]]:
    """Read the rows in which quotes stand; gives them, the lines they take, and the misfits."""
    texts, first = below["text"], int(below["line"].first() or 1)  # type: ignore[arg-type]  # Int64
    rows: list[tuple[int, int, list[str]]] = []
    misfits: list[Misfit] = []
    taken: list[int] = []
    following = -1
    for line in below.filter(is_quoted)["line"]:
        if line <= following:
            continue
        fields, lines = _row_at(texts, line - first, width, separator)
        following = line + lines - 1
        taken += range(line, line + lines)
        apart = [texts[line - first + at] for at in range(lines)]
        is_sure = lines == 1 or not _fit_apart(apart, width, separator)
        if is_sure and _fits(fields, width):
            rows.append((line, lines, fields[:width]))
        else:
            misfits.append(Misfit(line, lines, len(fields), "\n".join(apart)))
    shape = {"line": pl.Int64, "lines": pl.Int64}
    columns = {f"field_{at + 1}": [fields[at] for *_, fields in rows] for at in range(width)}
    frame = pl.DataFrame(
        {"line": [line for line, *_ in rows], "lines": [many for _, many, _ in rows], **columns},
        schema=shape | dict.fromkeys(columns, pl.String),
    )
    return frame, taken, misfits


def _row_at(texts: pl.Series, at: int, width: int, separator: str) -> tuple[list[str], int]:
    """Read the row that begins in a line: its fields, and how many lines it takes.

    A field goes on in the next lines only where it is closed there and the row then fits.
    """
    joined = texts[at]
    fields = _fields(joined, separator)
    if fields is not None:
        return fields, 1
    for many in range(2, MOST_LINES_OF_A_ROW + 1):
        if at + many > texts.len():
            break
        joined += "\n" + texts[at + many - 1]
        fields = _fields(joined, separator)
        if fields is not None:
            if _fits(fields, width):
                return fields, many
            break
    return _with_stray_quotes(texts[at], separator), 1


def _fit_apart(lines: Sequence[str], width: int, separator: str) -> bool:
    """Whether lines of one row may be rows by themselves, when their quotes are letters.

    All of them are, or blank; or a later one has the fields of a row or begins with an id, though
    the text that goes on in it does not begin the row: where it does, the last line has as many
    separators as a row.
    """
    filled = [line for line in lines if line.strip(f"{separator} \t")]
    parts = [_with_stray_quotes(line, separator) for line in filled]
    begins_the_row = next(_split(lines[0], separator)) is None
    is_row_within = [
        len(fields) >= width or _ID.fullmatch(fields[0].strip(' "')) for fields in parts[1:]
    ]
    return (not begins_the_row and any(is_row_within)) or all(_fits(one, width) for one in parts)


def _fits(fields: Sequence[str], width: int) -> bool:
    """Whether there are as many fields as in the header, and none but empty ones behind."""
    return len(fields) >= width and not any(field.strip() for field in fields[width:])


def _fields(text: str, separator: str) -> list[str] | None:
    """Take a row apart; None where a quoted field is not closed, or one without goes on."""
    fields: list[str] = []
    for field in _split(text, separator):
        if field is None:
            return None
        fields.append(field)
    return fields


def _split(text: str, separator: str) -> Iterator[str | None]:
    at, found = 0, 0
    while found >= 0:
        start = len(text) - len(text[at:].lstrip(" "))
        end = _closing(text, start, separator) if text.startswith(_QUOTE, start) else -1
        if end is None:
            yield None
            return
        found = text.find(separator, max(at, end))
        if end >= 0:
            yield text[start + 1 : end].replace(_QUOTE * 2, _QUOTE)
        else:
            letters = text[at:] if found < 0 else text[at:found]
            yield None if "\n" in letters else letters
        at = found + 1


def _closing(text: str, start: int, separator: str) -> int | None:
    """Find the quote that closes a field: -1 where the quotes are letters, None where none is.

    Behind it comes a separator, or the row's end; `""` within is a quote.
    """
    at = text.find(_QUOTE, start + 1)
    while at >= 0 and text[at : at + 2] == _QUOTE * 2:
        at = text.find(_QUOTE, at + 2)
    if at < 0:
        return None
    behind = text[at + 1 :].lstrip(" ")
    return at if not behind or behind.startswith(separator) else -1


def _with_stray_quotes(text: str, separator: str) -> list[str]:
    """Take a line apart in which a quote opens and none closes: such a quote is a letter."""
    rest, before = text, []
    while (fields := _fields(rest, separator)) is None:
        field, found, rest = rest.partition(separator)
        before.append(field)
        if not found:
            return before
    return [*before, *fields]
