"""However a table was mangled: each line is a row, or is complained about; none is lost."""

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.laws.mangling import READERS, losses


@pytest.mark.parametrize("kind", READERS)
@given(st.integers(0, 2**32))
def test_no_line_of_a_mangled_table_is_lost(kind: str, seed: int) -> None:
    assert losses(READERS[kind], Random(seed)) == []
