"""A configuration is understood, or complained about with its line."""

import re
import tomllib
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel

from pipeline.config.reading import line_of, read_transfer
from pipeline.config.sections import Transfer
from pipeline.text.errors import ExitCode, UsageError
from tests.guards.transfer_schema import schema_text

WHOLE = """
[source]
program_indicators = ["piCases0001"]

[target]
data_sets = ["dsMonthly01"]

[periods]
last = 6

[org_units]
level = 4
"""


def written(folder: Path, text: str) -> Path:
    path = folder / "transfer.toml"
    path.write_text(text, encoding="utf-8")
    return path


def letter_of(folder: Path, text: str) -> UsageError:
    with pytest.raises(UsageError) as told:
        read_transfer(written(folder, text))
    assert told.value.exit_code == ExitCode.USAGE
    assert told.value.remedy
    return told.value


def test_the_smallest_configuration_has_every_default(tmp_path: Path) -> None:
    transfer = read_transfer(written(tmp_path, WHOLE))

    assert transfer.policy.vanished == "retract"
    assert transfer.guards.max_retractions == 500
    assert transfer.periods.type == "Monthly"


@pytest.mark.parametrize(
    ("old", "new", "line", "key"),
    [
        ("last = 6", "lsat = 6", 9, "periods.lsat"),
        ("level = 4", "level = 0", 12, "org_units.level"),
        ('["piCases0001"]', '["no uid"]', 3, "source.program_indicators, entry 1"),
        ("last = 6", 'last = 6\nexplicit = ["202401"]', 8, "periods"),
        ("last = 6", "last = 6\n[policy]\nconflict = 'tracker'", 10, "policy"),
        ("[target]", "max_analytics_age = 'soon'\n[target]", 5, "source.max_analytics_age"),
    ],
)
def test_what_is_wrong_is_named_with_its_line(
    tmp_path: Path, old: str, new: str, line: int, key: str
) -> None:
    letter = letter_of(tmp_path, WHOLE.replace(old, new))

    assert f"transfer.toml:{line}: {key}: " in letter.where


def test_broken_toml_and_a_missing_file_get_letters(tmp_path: Path) -> None:
    assert "not readable as TOML" in letter_of(tmp_path, "[source\n").what
    with pytest.raises(UsageError, match="no configuration"):
        read_transfer(tmp_path / "nowhere" / "transfer.toml")


def test_a_secret_that_was_written_into_the_wrong_key_is_not_echoed(tmp_path: Path) -> None:
    letter = letter_of(tmp_path, WHOLE.replace("[target]", 'pasword = "canary-7"\n[target]'))

    assert "canary-7" not in str(letter)


def test_a_key_is_found_in_its_own_table() -> None:
    assert line_of("[a]\nx = 1\n[b]\nx = 2\n", ["b", "x"]) == 4


def test_the_schema_for_editors_is_the_one_of_the_model() -> None:
    kept = files("schemas").joinpath("transfer.schema.json").read_text(encoding="utf-8")

    assert kept == schema_text()


def keys_of(model: type[BaseModel]) -> dict[str, Any]:
    return {
        name: keys_of(kind)
        if isinstance(kind := field.annotation, type) and issubclass(kind, BaseModel)
        else None
        for name, field in model.model_fields.items()
    }


def test_the_template_shows_every_key_and_reads_as_it_is_meant() -> None:
    template = files("schemas").joinpath("transfer.template.toml").read_text(encoding="utf-8")
    tables = template.split("\n[")
    for table, keys in keys_of(Transfer).items():
        text = next(part for part in tables if part.startswith(f"{table}]"))
        common = "" if table != "target" else next(p for p in tables if p.startswith("source]"))
        for key in keys or {}:
            assert f"{key} = " in text + common, f"{table}.{key}"
    filled = template.replace("program_indicators = []", 'program_indicators = ["piCases0001"]')
    filled = filled.replace("data_sets = []", 'data_sets = ["dsMonthly01"]')
    assert Transfer.model_validate(tomllib.loads(filled)).periods.last == 6


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ('["dsMonthly01"]', "[]", "target.data_sets: name at least 1"),
        ('["dsMonthly01"]', '"dsMonthly01"', "target.data_sets: write a list, in square brackets"),
        ('["dsMonthly01"]', '["form"]', "target.data_sets, entry 1: this is no UID (11 letters"),
        ('["dsMonthly01"]', "[5]", "target.data_sets, entry 1: write a text, in double quotes"),
        ("last = 6", 'last = "six"', "periods.last: write a whole number, without quotes"),
        ("last = 6", "last = 0", "periods.last: this must be at least 1"),
        ("level = 4", 'level = 4\n[policy]\nexisting = "all"', "write one of 'merge', 'append' or"),
        ("level = 4", "level = 4\n[rejects]\nmax_share = 2", "this must be at most 1"),
        ("[org_units]\nlevel = 4", "", "org_units: this is needed"),
        ("last = 6", 'first = "202601"\nuntil = ""', "periods: `until` is required"),
        ("last = 6", 'until = "202601"', "periods: `first` is required"),
    ],
)
def test_what_is_wrong_is_told_in_words_of_the_house(
    old: str, new: str, sentence: str, tmp_path: Path
) -> None:
    letter = letter_of(tmp_path, WHOLE.replace(old, new))

    assert sentence in letter.where
    assert not re.search(r"Input should|valid|Tuple", str(letter))
