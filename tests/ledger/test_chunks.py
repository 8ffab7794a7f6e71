"""What a chunk means to write and what became of it is kept as it was, and as a journal's step."""

from datetime import UTC, datetime
from pathlib import Path

import polars as pl
import pytest

from pipeline.ledger import journal
from pipeline.ledger.chunks import (
    cells_done,
    cells_loaded,
    exceptions_of,
    intents_of,
    keep_intents,
    keep_outcomes,
    outcomes_of,
)
from pipeline.run.folder import RunFolder
from schemas.load import NumberedIntents, NumberedOutcomes
from tests.support.frames import frame
from tests.support.models import completed

NOON = datetime(2026, 11, 1, 12, tzinfo=UTC)
CELLS = frame("""
    data_element | period | org_unit | category_option_combo | attribute_option_combo | send
    de_cases     | 202601 | ou_a     | coc                   | aoc                    | 5
    de_cases     | 202601 | ou_b     | coc                   | aoc                    | 7
""").with_columns(data_set=pl.lit("form"), delete=pl.lit(value=False))
MEANT = completed(CELLS, NumberedIntents)


def ended(*words: str) -> pl.DataFrame:
    rows = CELLS.head(len(words)).with_columns(
        outcome=pl.Series(words, dtype=pl.String), reason=pl.lit("so")
    )
    return completed(rows, NumberedOutcomes)


@pytest.fixture
def run(tmp_path: Path) -> RunFolder:
    return RunFolder(tmp_path / "20261101T120000Z")


def test_what_was_meant_is_read_as_it_was_kept_and_the_chunk_is_open(run: RunFolder) -> None:
    keep_intents(run, 1, "form", MEANT, NOON)

    assert intents_of(run, 1).equals(MEANT.drop("cell"))
    assert journal.open_chunks(run) == [journal.OpenChunk(1, was_sent=False)]


def test_outcomes_are_those_of_confirmed_chunks_in_their_order(run: RunFolder) -> None:
    for number in (1, 2, 3):
        keep_intents(run, number, "form", MEANT, NOON)
    keep_outcomes(run, 2, MEANT, ended("refused", "refused"), NOON)
    keep_outcomes(run, 1, MEANT, ended("loaded", "drifted"), NOON)

    assert outcomes_of(run)["outcome"].to_list() == ["loaded", "drifted", "refused", "refused"]
    assert exceptions_of(run)["outcome"].to_list() == ["drifted", "refused", "refused"]
    assert cells_loaded(run).to_list() == MEANT["cell"].head(1).to_list()


def test_what_was_meant_and_has_no_outcome_is_not_taken_for_loaded(run: RunFolder) -> None:
    keep_intents(run, 1, "form", MEANT, NOON)
    keep_outcomes(run, 1, MEANT, ended("loaded"), NOON)

    first, _ = MEANT["cell"].to_list()
    assert cells_done(run).to_list() == [first]
    assert outcomes_of(run)["outcome"].to_list() == ["loaded"]


def test_outcomes_of_a_reopened_chunk_are_not_believed_any_more(run: RunFolder) -> None:
    keep_intents(run, 1, "form", MEANT, NOON)
    keep_outcomes(run, 1, MEANT, ended("loaded"), NOON)
    journal.reopen(run, NOON)

    assert outcomes_of(run).is_empty()


def test_a_kept_chunk_that_lost_a_column_is_a_fault_of_ours(run: RunFolder) -> None:
    keep_intents(run, 1, "form", MEANT.drop("send"), NOON)

    with pytest.raises(TypeError, match="Intents breaks column_in_dataframe"):
        intents_of(run, 1)
