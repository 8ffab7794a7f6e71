"""When two texts are one, whoever typed them and whatever a spreadsheet made of their letters."""

import unicodedata

import polars as pl

from pipeline.text.escaping import UNSEEN

# Full-width letters and digits are the plain ones, typed on a keyboard for Chinese or Japanese.
_NARROW = {wide: wide - 0xFEE0 for wide in range(0xFF01, 0xFF5F)}
# What `tidy` may change: letters beyond ASCII, blanks at an end or doubled, an apostrophe.
_ODD = r"[^ -~]|^[\s']|\s$|\s\s"
_JOINERS = dict.fromkeys((0x200C, 0x200D))
_ALIKE = {
    **dict.fromkeys(map(ord, "\u2018\u2019\u201b\u02b9\u02bc\u2032\u0060\u00b4"), "'"),
    **dict.fromkeys(map(ord, "\u201c\u201d\u201e\u00ab\u00bb\u2033"), '"'),
    **dict.fromkeys(map(ord, "\u2010\u2011\u2012\u2013\u2014\u2212"), "-"),
}


def tidy(text: str) -> str:
    """A text as it was meant: composed letters, one plain blank between words, nothing unseen.

    The apostrophe goes that tells a spreadsheet to leave a text alone, as in '0012.
    """
    blanks = " ".join(text.split())
    seen = " ".join(UNSEEN.sub("", blanks).split())
    plain = unicodedata.normalize("NFC", seen.translate(_NARROW))
    return plain[1:].strip() if plain.startswith("'") and plain.count("'") == 1 else plain


def tidied(column: pl.Series) -> pl.Series:
    """A column of texts, each distinct one tidied; most are as they were meant, and cost little."""
    odd = column.drop_nulls().unique()
    odd = odd.filter(odd.str.contains(_ODD))
    return column.replace(odd, pl.Series([tidy(text) for text in odd], dtype=pl.String))


def folded(name: str) -> str:
    """What names have in common that are one to a reader: neither case nor kind of letter counts.

    Accents count; kinds of apostrophes, quotes and dashes do not.
    """
    letters = unicodedata.normalize("NFKC", tidy(name)).translate(_ALIKE).translate(_JOINERS)
    return tidy(unicodedata.normalize("NFKC", letters.casefold()))
