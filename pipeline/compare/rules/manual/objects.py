"""Find the object that a file means: by id, by code, or by a name that only one has."""

import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from functools import cached_property
from typing import NamedTuple

import polars as pl

from pipeline.compare.rules.links import TOTAL
from pipeline.text.escaping import with_id
from pipeline.text.spelling import folded, tidy
from pipeline.text.spreadsheets import as_number, is_rounded, may_be_cut, may_come_from

CLEAR, SAME_NUMBER, SEVERAL, ROUNDED, NOTHING = "clear", "number", "several", "rounded", "nothing"
_MOST_TOLD = 4


class Meaning(NamedTuple):
    """The object that a text means, or, without one, whether it may mean several."""

    id: str | None
    is_ambiguous: bool = False


class Candidates(NamedTuple):
    """What a text may mean: `ids` of objects, sorted, and `how` that is known.

    CLEAR: it is what one of them is called. SAME_NUMBER: a spreadsheet made it of what one is
    called. SEVERAL: of them. ROUNDED: it lost digits, `ids` may have had. NOTHING: `ids` are
    called nearly so.
    """

    how: str
    ids: tuple[str, ...] = ()


class Called:
    """What objects are called; `objects` has id, code and name."""

    def __init__(self, objects: pl.DataFrame) -> None:
        self._ids = set(objects["id"])
        self._exact: dict[str, set[str]] = defaultdict(set)
        self._loose: dict[str, set[str]] = defaultdict(set)
        self._called: dict[str, list[str]] = {}
        for key, code, name in objects.select("id", "code", "name").iter_rows():
            texts = (key, tidy(code or ""), tidy(name or ""))
            self._called[key] = [text for text in texts if text]
            if code and tidy(code):
                self._exact[tidy(code)].add(key)
            if name and folded(name):
                self._loose[folded(name)].add(key)

    def read(self, text: str) -> Candidates:
        """What one text means.

        An id means itself, whatever else has it for a code or a name. Names are compared without
        regard to case and spacing.
        """
        bare = _unquoted(tidy(text))
        if bare in self._ids:
            return Candidates(CLEAR, (bare,))
        called = self._exact.get(bare, set()) | self._loose.get(folded(bare), set())
        number = as_number(bare.replace(",", ".")) if may_be_cut(bare) else None
        cut = self._numbers.get(number, set()) if number is not None else set()
        lost = self._rounded(bare) if is_rounded(bare) else set()
        found = called | cut | lost
        if len(found) == 1 and called:
            return Candidates(CLEAR, (*found,))
        if lost - called or (is_rounded(bare) and not called):
            return Candidates(ROUNDED, tuple(sorted(found)))
        if len(found) == 1:
            return Candidates(SAME_NUMBER, (*found,))
        return Candidates(SEVERAL, tuple(sorted(found))) if found else self._near(bare)

    @cached_property
    def _numbers(self) -> dict[Decimal, set[str]]:
        """The objects whose id, code or name a spreadsheet takes for a number."""
        found: dict[Decimal, set[str]] = defaultdict(set)
        for key, text in self._texts():
            number = as_number(text)
            if number is not None:
                found[number].add(key)
        return found

    def _texts(self) -> Iterator[tuple[str, str]]:
        return ((key, text) for key, texts in self._called.items() for text in texts)

    def _rounded(self, bare: str) -> set[str]:
        return {key for key, text in self._texts() if may_come_from(bare, text)}

    @cached_property
    def _bare_names(self) -> dict[str, set[str]]:
        found: dict[str, set[str]] = defaultdict(set)
        for key, text in self._texts():
            found[_without_accents(text)].add(key)
        return found

    def _near(self, bare: str) -> Candidates:
        """What is called so but for accents, or for zeros in front of a number."""
        number = as_number(bare)
        near = set(self._bare_names.get(_without_accents(bare), set())) if bare else set()
        near |= self._numbers.get(number, set()) if number is not None else set()
        return Candidates(NOTHING, tuple(sorted(near)))

    def told(self, text: str, reading: Candidates) -> str:
        """A text with what it may mean: `12: 0012 (ouHill00001) or 12 (ouBay000001)`."""
        if not reading.ids or reading.how == CLEAR:
            return text
        number = as_number(_unquoted(tidy(text)).replace(",", "."))
        shown = [self._label(key, text, number) for key in reading.ids[:_MOST_TOLD]]
        more = " or …" if len(reading.ids) > _MOST_TOLD else ""
        return f"{text}: {' or '.join(shown)}{more}"

    def _label(self, key: str, text: str, number: Decimal | None) -> str:
        """An object by its number where a number was asked for, and else by its name, and its id.

        A name that is the text itself would say nothing more.
        """
        numbers = [one for one in self._called[key] if as_number(one) is not None]
        if number is not None and numbers:
            return with_id(numbers[0], key) if numbers[0] != key else key
        written = self._called[key][-1]
        return key if folded(written) in {folded(text), folded(key)} else with_id(written, key)


def find_objects(texts: Iterable[str], objects: pl.DataFrame) -> dict[str, Meaning]:
    """What each text means without doubt; `objects` has id, code and name."""
    called = Called(objects)
    return {text: _meaning(called.read(text)) for text in texts}


def with_ids(frame: pl.DataFrame, columns: Sequence[str], objects: pl.DataFrame) -> pl.DataFrame:
    """Put ids in the place of codes and names that only one object has; other texts stay."""
    texts = {text for column in columns for text in frame[column].unique()} - {"", TOTAL}
    ids = {text: meant.id for text, meant in find_objects(texts, objects).items() if meant.id}
    return frame.with_columns(pl.col(columns).replace(ids))


def _meaning(reading: Candidates) -> Meaning:
    if reading.how == CLEAR:
        return Meaning(reading.ids[0])
    return Meaning(None, is_ambiguous=len(reading.ids) > 1 and reading.how != NOTHING)


def _unquoted(text: str) -> str:
    """The text in `="0012"`, by which some keep spreadsheets from changing it."""
    return text[2:-1] if text.startswith('="') and text.endswith('"') else text


def _without_accents(text: str) -> str:
    apart = unicodedata.normalize("NFD", folded(text))
    return "".join(letter for letter in apart if not unicodedata.combining(letter))
