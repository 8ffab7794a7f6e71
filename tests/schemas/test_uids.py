"""An id of DHIS2 is 11 letters and digits, and is taken wherever one may be written."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.uids import (
    ORG_UNIT_PATH,
    UID,
    UID_OR_NOTHING,
    UID_TOTAL_OR_NOTHING,
    UIDS_JOINED_BY_PLUS,
)

UIDS = st.from_regex(r"[A-Za-z0-9]{11}", fullmatch=True)
PATTERNS = (UID, UID_OR_NOTHING, UID_TOTAL_OR_NOTHING, UIDS_JOINED_BY_PLUS)


@given(UIDS)
def test_eleven_letters_and_digits_are_an_id_whatever_comes_first(uid: str) -> None:
    assert all(re.fullmatch(pattern, uid) for pattern in PATTERNS)


@pytest.mark.parametrize("pattern", PATTERNS)
@pytest.mark.parametrize("text", ["abc", "piCases00012", "piCases-001", "piCásos0001", "+", "a b"])
def test_anything_else_is_none(pattern: str, text: str) -> None:
    assert not re.fullmatch(pattern, text)


def test_nothing_is_only_taken_where_nothing_may_stand() -> None:
    assert [bool(re.fullmatch(pattern, "")) for pattern in PATTERNS] == [False, True, True, True]


@given(st.lists(UIDS, min_size=1, max_size=3))
def test_ids_are_joined_by_a_plus_and_paths_are_made_of_them(uids: list[str]) -> None:
    assert re.fullmatch(UIDS_JOINED_BY_PLUS, "+".join(uids))
    assert re.fullmatch(ORG_UNIT_PATH, "".join(f"/{uid}" for uid in uids))
