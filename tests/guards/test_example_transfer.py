"""The example transfer is what `tally init --suggest` writes for the invented country today."""

from pathlib import Path

import pytest

from pipeline.config.reading import read_transfer
from sandbox.country.example import example_files
from tests.guards.example_transfer import EXAMPLE, ROOT, contents, write_suggested


@pytest.mark.parametrize("generation", ["2.42", "2.43"])
def test_a_suggestion_for_the_invented_country_is_the_example(
    generation: str, tmp_path: Path
) -> None:
    suggested = contents(write_suggested(tmp_path, generation))

    assert suggested == contents(EXAMPLE), "make format writes the example anew"


def test_what_the_demo_copies_is_what_stands_in_the_repository() -> None:
    assert example_files() == contents(EXAMPLE)


def test_the_example_asks_every_site_and_compares_with_paper() -> None:
    settings = read_transfer(EXAMPLE / "transfer.toml")

    assert not settings.org_units.assigned_only
    assert settings.compare.is_wanted


def test_the_example_has_the_schema_that_editors_are_given() -> None:
    ours = (ROOT / "schemas" / "transfer.schema.json").read_bytes()

    assert (EXAMPLE / "transfer.schema.json").read_bytes() == ours
