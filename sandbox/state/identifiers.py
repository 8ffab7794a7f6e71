"""Ids of DHIS2's shape that are always the same for a text."""

import hashlib
import string
from functools import cache

LETTERS = string.ascii_letters
SIGNS = string.ascii_letters + string.digits


@cache
def uid(text: str) -> str:
    """Eleven letters and digits, the first a letter: the shape of DHIS2's UIDs."""
    number = int.from_bytes(hashlib.blake2b(text.encode(), digest_size=9).digest(), "big")
    number, first = divmod(number, len(LETTERS))
    signs = [LETTERS[first]]
    for _ in range(10):
        number, sign = divmod(number, len(SIGNS))
        signs.append(SIGNS[sign])
    return "".join(signs)
