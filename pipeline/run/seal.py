"""The seal of a plan: what it was made from, and proof that nobody changed it since."""

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from pipeline.run.records import Moment, Record
from pipeline.text.errors import RefusedError

PLAN_VERSION = 2


@dataclass(frozen=True)
class PlanRecord(Record):
    """What plan.json says to whoever only looks; of no matter whether it may be loaded."""

    FILE = "plan.json"
    MADE_BY = "plan"

    made_at: Moment
    alarms: tuple[dict[str, str], ...] = ()
    allowed: tuple[dict[str, str], ...] = ()


@dataclass(frozen=True)
class Seal(Record):
    """What a load checks before it sends a byte."""

    FILE = "plan.json"
    MADE_BY = "plan"

    run_id: str
    transfer: str
    plan_sha256: str
    config_hash: str
    mapping_hash: str
    target_system_id: str
    made_at: Moment
    alarms: tuple[dict[str, str], ...]
    allowed: tuple[dict[str, str], ...]
    ledger_hash: str
    rulings_hash: str
    version: int = PLAN_VERSION

    def as_record(self) -> dict[str, Any]:
        """The seal as JSON keeps it, with a hash of itself."""
        record = super().as_record()
        return {**record, "seal_sha256": _hash_of(record)}

    @classmethod
    def from_record(cls, record: object, path: Path) -> Self:
        """The seal in plan.json; raises `RefusedError` when edited, or made by another Tally."""
        where = path.with_name("plan.parquet")
        members = record if isinstance(record, dict) else {}
        body = {key: value for key, value in members.items() if key != "seal_sha256"}
        if members.get("seal_sha256") != _hash_of(body):
            raise _altered("plan.json, which vouches for this plan, was changed by hand", where)
        if body["version"] != PLAN_VERSION:
            raise _altered("this plan was made by another version of Tally", where)
        return super().from_record(body, path)


def check(
    seal: Seal,
    plan: Path,
    *,
    config_hash: str,
    mapping_hash: str,
    ledger_hash: str,
    rulings_hash: str,
) -> None:
    """Let a plan pass that is whole, and made from these rules and this ledger."""
    if file_hash(plan) != seal.plan_sha256:
        raise _altered("this plan was changed after it was made", plan)
    if seal.config_hash != config_hash:
        raise _altered("the configuration changed after this plan was made", plan)
    if seal.mapping_hash != mapping_hash:
        raise _altered("the mapping changed after this plan was made", plan)
    if seal.rulings_hash != rulings_hash:
        raise _altered("the decisions or the site register changed after this plan was made", plan)
    if seal.ledger_hash != ledger_hash:
        what = "another run was loaded after this plan was made, or into another target of ours"
        raise _altered(what, plan)


def file_hash(path: Path) -> str:
    """The SHA-256 of a file as it lies on the disk."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _hash_of(record: dict[str, Any]) -> str:
    return hashlib.sha256(json.dumps(record, sort_keys=True).encode()).hexdigest()


def _altered(what: str, where: Path) -> RefusedError:
    return RefusedError(
        what, where=str(where), remedy="make a new plan with `tally plan NAME`, and read it"
    )
