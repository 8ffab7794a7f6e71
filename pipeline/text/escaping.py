"""Make text that anybody typed harmless and still readable, wherever people open it."""

import re
from collections import Counter
from collections.abc import Callable, Mapping

import polars as pl

NAME_LENGTH = 80

# What has no width, turns the reading direction or breaks a line: control characters, soft hyphen,
# all Bidi_Control of Unicode, byte order mark, tags, and halves of a surrogate pair.
# The joiners U+200C and U+200D stay: Persian, Bengali and many emoji are written with them.
UNSEEN = re.compile(
    r"[\x00-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff"
    r"\ufff9-\ufffb\ud800-\udfff\U000e0000-\U000e007f]"
)
_SPACES = re.compile(r"[^\S\u202f]+")  # all but the one that stands between thousands
_SPECIAL_IN_MARKDOWN = re.compile(r"[\\`*_<>\[\]|~&]|(?<=:)(?=//)")
# The last four are the wide ones: spreadsheets set to Japanese read them as formulas too.
_BEGINS_FORMULA = ("=", "+", "-", "@", "\uff1d", "\uff0b", "\uff0d", "\uff20")
_NUMBER = re.compile(r"[+-]?\d+(\.\d+)?")


def visible(text: str) -> str:
    """A text on one line, with a mark like [U+202E] for every letter that cannot be seen."""
    line = _SPACES.sub(" ", text).strip()
    return UNSEEN.sub(lambda found: f"[U+{ord(found[0]):04X}]", line)


def shortened(text: str, most: int = NAME_LENGTH) -> str:
    """A visible text of at most so many letters; one that was cut ends in an ellipsis."""
    seen = visible(text)
    return seen if len(seen) <= most else f"{seen[: most - 1].rstrip()}…"


def with_id(name: str, known_by: str, most: int = NAME_LENGTH) -> str:
    """A name and its id, as `Hill clinic (ouClinic00a)`; of the two the name is shortened."""
    brief = shortened(known_by, most // 2)
    return f"{shortened(name, most - len(brief) - len(' ()'))} ({brief})"


def told_apart(names: Mapping[str, str], most: int = NAME_LENGTH) -> dict[str, str]:
    """The name of each id, and the id with it where two names look the same when shortened."""
    seen = {one: shortened(name, most) for one, name in names.items()}
    times = Counter(seen.values())
    return {
        one: with_id(name, one, most) if times[seen[one]] > 1 else name
        for one, name in names.items()
    }


def markdown_text(text: str, most: int = NAME_LENGTH) -> str:
    """A text that Markdown shows as it was typed: no emphasis, link, tag or column."""
    return _SPECIAL_IN_MARKDOWN.sub(lambda found: f"\\{found[0]}", shortened(text, most))


def spreadsheet_text(text: str) -> str:
    """A text that a spreadsheet, opening a CSV, takes for no formula; numbers stay numbers."""
    seen = visible(text)
    dangerous = seen.startswith(_BEGINS_FORMULA) and not _NUMBER.fullmatch(seen)
    return f"'{seen}" if dangerous else seen


def with_texts(frame: pl.DataFrame, change: Callable[[str], str]) -> pl.DataFrame:
    """Change every text of a frame, each distinct one once; nulls and other types stay."""
    return frame.with_columns(
        _changed(column, change) for column in frame if column.dtype == pl.String
    )


def _changed(column: pl.Series, change: Callable[[str], str]) -> pl.Series:
    texts = column.drop_nulls().unique()
    changed = pl.Series([change(text) for text in texts], dtype=pl.String)
    return column.replace(texts, changed)
