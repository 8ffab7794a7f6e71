"""The seal of a plan: what it was made from, and proof that nobody changed it since."""

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Self

from pipeline.text.errors import RefusedError

PLAN_VERSION = 2


@dataclass(frozen=True)
class Seal:
    """What a load checks before it sends a byte."""

    run_id: str
    transfer: str
    plan_sha256: str
    config_hash: str
    mapping_hash: str
    target_system_id: str
    made_at: datetime
    alarms: tuple[dict[str, str], ...]
    allowed: tuple[dict[str, str], ...]
    ledger_hash: str
    rulings_hash: str
    version: int = PLAN_VERSION

    def as_record(self) -> dict[str, Any]:
        """Give the seal as JSON keeps it, with a hash of itself."""
        record = {**self.__dict__, "made_at": self.made_at.isoformat()}
        record["alarms"], record["allowed"] = list(self.alarms), list(self.allowed)
        return {**record, "seal_sha256": _hash_of(record)}

    @classmethod
    def from_record(cls, record: dict[str, Any], where: Path) -> Self:
        """Read a seal; raises `RefusedError` when it was edited or comes from another Tally."""
        told = record if isinstance(record, dict) else {}
        body = {key: value for key, value in told.items() if key != "seal_sha256"}
        if told.get("seal_sha256") != _hash_of(body):
            raise _altered("plan.json, which vouches for this plan, was changed by hand", where)
        if body["version"] != PLAN_VERSION:
            raise _altered("this plan was made by another version of Tally", where)
        body["made_at"] = datetime.fromisoformat(body["made_at"])
        body["alarms"], body["allowed"] = tuple(body["alarms"]), tuple(body["allowed"])
        return cls(**body)


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
    """Hash a file as it lies on the disk."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _hash_of(record: dict[str, Any]) -> str:

    return hashlib.sha256(json.dumps(record, sort_keys=True).encode()).hexdigest()


def _altered(what: str, where: Path) -> RefusedError:
    return RefusedError(
        what, where=str(where), remedy="make a new plan with `tally plan NAME`, and read it"
    )
