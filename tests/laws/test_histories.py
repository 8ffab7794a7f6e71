"""After any history: no person's number is touched, nothing of ours is stale or not ours."""

from pathlib import Path

import pytest

from tests.laws.history import live
from tests.support.village import village


@pytest.mark.parametrize(
    ("generation", "seed", "faults"),
    [("2.42", 1, 0.0), ("2.43", 2, 0.0), ("2.42", 3, 1.0), ("2.43", 4, 1.0)],
)
def test_whatever_happens_the_form_and_the_ledger_are_as_the_table_says(
    tmp_path: Path, generation: str, seed: int, faults: float
) -> None:
    with village(tmp_path, generation) as post:
        told = live(post, seed, 3, faults=faults)

    assert told.nights >= 3
    assert told.typed
    assert told.written
