"""Take in a body piece by piece: decoded, whole, and never more of it than agreed."""

from collections.abc import Iterable, Iterator

from isal import isal_zlib

_MOST_AT_ONCE = 2**20  # bytes that come out of one step of unpacking
_MAGIC = b"\x1f\x8b"
_GZIP = 31  # zlib's number for "a gzip header, largest window"
_PLAIN = ("", "identity")
_ZIPPED = ("gzip", "x-gzip")


class CutShortError(Exception):
    """The body ended before it was whole, or is damaged; asking again may help."""


class OverflowingError(Exception):
    """The decoded body is larger than agreed."""


def is_packed(body: bytes) -> bool:
    """Whether a body is itself a gzip file; no text begins like one."""
    return body.startswith(_MAGIC)


def receive(pieces: Iterable[bytes], encoding: str, limit: int) -> bytes:
    """The decoded body, whole and at most `limit` bytes long.

    Never holds more than `limit` and one piece. Raises `CutShortError` or `OverflowingError`.
    """
    received: list[bytes] = []
    size = 0
    for piece in _decoded(pieces, encoding.strip().lower()):
        size += len(piece)
        if size > limit:
            raise OverflowingError
        received.append(piece)
    return b"".join(received)


def _decoded(pieces: Iterable[bytes], encoding: str) -> Iterable[bytes]:
    if encoding in _PLAIN:
        return pieces
    if encoding in _ZIPPED:
        return _inflated(pieces)
    raise CutShortError(f"it is compressed as {encoding[:20]!r}, which was not asked for")


def _inflated(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """Unpack gzip in pieces of bounded size; one member may follow another."""
    inflating, is_whole = isal_zlib.decompressobj(wbits=_GZIP), True
    try:
        for piece in pieces:
            rest = piece
            while rest:
                if inflating.eof:
                    inflating = isal_zlib.decompressobj(wbits=_GZIP)
                yield from _drained(inflating, rest)
                rest, is_whole = inflating.unused_data, inflating.eof
    except isal_zlib.IsalError as fault:  # type: ignore[misc]  # its stubs hide that it is an error
        raise CutShortError("it was damaged on the way") from fault
    if not is_whole:
        raise CutShortError("it ends in the middle")


def _drained(inflating: isal_zlib.Decompress, packed: bytes) -> Iterator[bytes]:
    """Unpack all that one piece yields; what it holds back comes out without new input."""
    rest = packed
    while unpacked := inflating.decompress(rest, _MOST_AT_ONCE):
        yield unpacked
        if inflating.eof:
            return
        rest = inflating.unconsumed_tail
