"""Find the object that a file means: by id, by code, or by a name that only one has."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import NamedTuple

import polars as pl

from pipeline.compare.rules.links import TOTAL


class Meaning(NamedTuple):
    """The object that a text means, or, without one, whether it may mean several."""

    id: str | None
    is_ambiguous: bool = False


def find_objects(texts: Iterable[str], objects: pl.DataFrame) -> dict[str, Meaning]:
    """What each text means; `objects` has id, code and name.

    An id means itself, whatever else has it for a code or a name. Names are compared without
    regard to case and spacing.
    """
    ids = set(objects["id"])
    called: dict[str, set[str]] = defaultdict(set)
    for key, code, name in objects.select("id", "code", "name").iter_rows():
        for text in (code and code.strip(), name and _loosely(name)):
            if text:
                called[text].add(key)
    return {text: _meaning(text, ids, called) for text in texts}


def with_ids(frame: pl.DataFrame, columns: Sequence[str], objects: pl.DataFrame) -> pl.DataFrame:
    """Put ids in the place of codes and names that only one object has; other texts stay."""
    texts = {text for column in columns for text in frame[column].unique()} - {"", TOTAL}
    ids = {text: meant.id for text, meant in find_objects(texts, objects).items() if meant.id}
    return frame.with_columns(pl.col(columns).replace(ids))


def _meaning(text: str, ids: set[str], called: dict[str, set[str]]) -> Meaning:
    if text in ids:
        return Meaning(text)
    meant = called.get(text, set()) | called.get(_loosely(text), set())
    if len(meant) == 1:
        return Meaning(meant.pop())
    return Meaning(None, is_ambiguous=bool(meant))


def _loosely(name: str) -> str:
    return " ".join(name.casefold().split())
