"""A body is whole, decoded and within its limit, or it is not taken."""

import gzip
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.dhis2.http.receiving import CutShortError, OverflowingError, receive

PLENTY = 2**20


def pieces(body: bytes, size: int) -> Iterator[bytes]:
    return (body[start : start + size] for start in range(0, len(body), size))


@given(st.lists(st.binary(max_size=2000), min_size=1, max_size=3), st.integers(1, 4000))
def test_zipped_bodies_come_out_whole_however_they_are_cut(members: list[bytes], size: int) -> None:
    zipped = b"".join(gzip.compress(member * 50) for member in members)

    received = receive(pieces(zipped, size), "gzip", PLENTY)

    assert received == b"".join(member * 50 for member in members)


@given(st.binary(max_size=3000), st.integers(1, 4000))
def test_plain_bodies_come_through_as_they_are(body: bytes, size: int) -> None:
    assert receive(pieces(body, size), "", PLENTY) == body
    assert receive(pieces(body, size), "Identity", PLENTY) == body


@given(st.binary(min_size=1, max_size=3000), st.data())
def test_no_part_of_a_zipped_body_passes_for_the_whole(body: bytes, data: st.DataObject) -> None:
    zipped = gzip.compress(body)
    cut = data.draw(st.integers(1, len(zipped) - 1))

    with pytest.raises(CutShortError):
        receive([zipped[:cut]], "gzip", PLENTY)


@given(st.binary(min_size=1, max_size=3000), st.data())
def test_a_damaged_checksum_is_noticed(body: bytes, data: st.DataObject) -> None:
    zipped = bytearray(gzip.compress(body))
    zipped[-data.draw(st.integers(1, 8))] ^= 0xFF

    with pytest.raises(CutShortError):
        receive([bytes(zipped)], "x-gzip", PLENTY)


@pytest.mark.parametrize("encoding", ["", "gzip"])
def test_the_limit_is_on_what_comes_out(encoding: str) -> None:
    body = bytes(1000)
    sent = gzip.compress(body) if encoding else body

    assert receive([sent], encoding, 1000) == body
    with pytest.raises(OverflowingError):
        receive([sent], encoding, 999)


def test_an_encoding_that_was_not_asked_for_is_not_guessed_at() -> None:
    with pytest.raises(CutShortError, match="compressed as 'br'"):
        receive([b"x"], "br", PLENTY)


def test_an_empty_body_stays_empty() -> None:
    assert receive([], "gzip", PLENTY) == b""
