"""P1: a sealed plan is sent as it was made, from what it was made, or not at all."""

import json
from collections.abc import Iterator
from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import BaseModel

from pipeline.config.fingerprint import REACHING, config_fingerprint
from pipeline.config.sections import Transfer
from pipeline.run.seal import Seal, check, plan_hash
from pipeline.text.errors import ExitCode, RefusedError

NOW = datetime(2026, 11, 20, 6, tzinfo=UTC)
PLAN = bytes(range(256)) * 4
ALARM = {"guard": "retractions", "saw": "501 values would be removed", "usual": "at most 500"}
FACTS: dict[str, Any] = {
    "config_hash": "c",
    "mapping_hash": "m",
    "ledger_hash": "l",
    "rulings_hash": "r",
    "cells_hash": "",
}


@pytest.fixture(scope="module")
def plan(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("run") / "plan.parquet"
    path.write_bytes(PLAN)
    return path


def seal(plan: Path, **changes: Any) -> Seal:  # noqa: ANN401  # any member
    made = Seal("run", "fever", plan_hash(plan), "c", "m", "t", NOW, (), (), "l", "r")
    return replace(made, **changes)


def through_a_file(written: Seal) -> Seal:
    """Give a seal as it comes back from the folder of its run."""
    return Seal.from_record(json.loads(json.dumps(written.as_record())), Path("plan.json"))


def test_a_plan_passes_as_it_was_made(plan: Path) -> None:
    allowed = seal(plan, alarms=(ALARM,), allowed=({"guard": "retractions", "reason": "moved"},))

    for one in (seal(plan), allowed):
        assert through_a_file(one) == one
        check(through_a_file(one), plan, **FACTS)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(at=st.integers(0, len(PLAN) - 1), flip=st.integers(1, 255))
def test_a_plan_with_one_other_byte_is_refused(plan: Path, at: int, flip: int) -> None:
    altered = bytearray(PLAN)
    altered[at] ^= flip
    plan.with_name("altered").write_bytes(altered)

    with pytest.raises(RefusedError, match="changed after it was made"):
        check(seal(plan), plan.with_name("altered"), **FACTS)


@pytest.mark.parametrize("other", [b"", PLAN[:-1], PLAN + b"\0"], ids=["none", "cut", "longer"])
def test_a_plan_that_is_cut_or_longer_is_refused(plan: Path, other: bytes) -> None:
    plan.with_name("altered").write_bytes(other)

    with pytest.raises(RefusedError, match="changed after it was made"):
        check(seal(plan), plan.with_name("altered"), **FACTS)


@pytest.mark.parametrize("member", sorted(one.name for one in fields(Seal)))
def test_a_seal_with_one_other_member_is_refused(plan: Path, member: str) -> None:
    record = seal(plan, alarms=(ALARM,)).as_record()
    others = [None, "", [], 7, [{"guard": "retractions", "reason": "me"}]]
    altered = [record | {member: other} for other in others if other != record[member]]
    altered.append({name: value for name, value in record.items() if name != member})

    for one in altered:
        with pytest.raises(RefusedError, match="changed by hand") as raised:
            Seal.from_record(json.loads(json.dumps(one)), plan)
        assert raised.value.exit_code == ExitCode.REFUSED


@pytest.mark.parametrize("record", [{}, None, [], "seal", 5, {"seal_sha256": ""}])
def test_what_is_no_seal_is_refused(plan: Path, record: Any) -> None:  # noqa: ANN401  # any JSON
    with pytest.raises(RefusedError):
        Seal.from_record(record, plan)


def test_a_seal_of_another_version_is_refused(plan: Path) -> None:
    with pytest.raises(RefusedError, match="another version"):
        through_a_file(seal(plan, version=99))


@pytest.mark.parametrize(
    ("fact", "other", "complaint"),
    [
        ("config_hash", "x", "the configuration changed"),
        ("mapping_hash", "x", "the mapping changed"),
        ("ledger_hash", "x", "another run was loaded"),
        ("rulings_hash", "x", "the decisions or the site register changed"),
    ],
)
def test_a_plan_made_under_other_facts_is_refused(
    plan: Path, fact: str, other: object, complaint: str
) -> None:
    with pytest.raises(RefusedError, match=complaint) as raised:
        check(seal(plan), plan, **(FACTS | {fact: other}))

    assert raised.value.remedy == "make a new plan with `tally plan NAME`, and read it"


ABOUT_REPORTS = {"compare", "keep"}
SETTINGS = Transfer.model_validate(
    {
        "source": {"program_indicators": ["piCases0001"]},
        "target": {"data_sets": ["dsMonthly01"]},
        "periods": {"last": 3},
        "org_units": {"level": 4},
    }
)


def every_setting(section: BaseModel, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """Name every key of a configuration by its way from the top."""
    for name in type(section).model_fields:
        value = getattr(section, name)
        if isinstance(value, BaseModel):
            yield from every_setting(value, (*path, name))
        else:
            yield (*path, name)


def with_another(section: BaseModel, path: tuple[str, ...]) -> BaseModel:
    """Give the configuration with another value at one place."""
    name, *rest = path
    before = getattr(section, name)
    if rest:
        return section.model_copy(update={name: with_another(before, tuple(rest))})
    return section.model_copy(update={name: another(before)})


def another(value: object) -> object:
    match value:
        case bool():
            return not value
        case int() | float():
            return value + 1
        case timedelta():
            return value + timedelta(seconds=1)
        case tuple():
            return (*value, "another")
        case None:
            return 1
        case _:
            return f"{value}x"


@pytest.mark.parametrize("path", list(every_setting(SETTINGS)), ids=".".join)
def test_one_other_setting_is_another_plan_unless_it_is_about_reports_or_the_way_to_a_server(
    path: tuple[str, ...],
) -> None:
    other = with_another(SETTINGS, path)

    assert isinstance(other, Transfer)
    assert other != SETTINGS
    is_the_same = config_fingerprint(other) == config_fingerprint(SETTINGS)
    assert is_the_same == (path[0] in ABOUT_REPORTS or path[-1] in REACHING)
