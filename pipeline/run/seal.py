"""The seal of a plan: what it was made from, and proof that nobody changed it since."""

import hashlib
import json
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

from pipeline.run.records import Moment, Record
from pipeline.text.errors import RefusedError

PLAN_VERSION = 3
NEW_VALUES = "new_values.parquet"


@dataclass(frozen=True)
class PlanRecord(Record):
    """What plan.json says to whoever only looks; of no matter whether it may be loaded.

    `actions`: how many cells of the plan have each action.
    """

    FILE = "plan.json"
    MADE_BY = "plan"

    made_at: Moment
    alarms: tuple[dict[str, str], ...] = ()
    allowed: tuple[dict[str, str], ...] = ()
    actions: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Seal(Record):
    """What a load checks before it sends a byte.

    `actions` counts all cells. Those that are kept have no rows: `kept_sha256` is the hash of
    their numbers. New values are told by the numbers of their cells, which mean what they meant
    as long as `cells_hash` holds.
    """

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
    actions: dict[str, int] = field(default_factory=dict)
    kept_sha256: str = ""
    cells_hash: str = ""

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
    cells_hash: str,
) -> None:
    """Let a plan pass that is whole, and made from these rules and this ledger."""
    if plan_hash(plan) != seal.plan_sha256:
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
    if seal.cells_hash != cells_hash:
        raise _altered("the store was made anew after this plan, and numbers its cells anew", plan)


def plan_hash(plan: Path) -> str:
    """The SHA-256 of a plan as it lies on the disk: plan.parquet, and the new values beside it."""
    content = hashlib.sha256(plan.read_bytes())
    with suppress(FileNotFoundError):
        content.update(hashlib.sha256(plan.with_name(NEW_VALUES).read_bytes()).digest())
    return content.hexdigest()


def _hash_of(record: dict[str, Any]) -> str:
    return hashlib.sha256(json.dumps(record, sort_keys=True).encode()).hexdigest()


def _altered(what: str, where: Path) -> RefusedError:
    return RefusedError(
        what, where=str(where), remedy="make a new plan with `tally plan NAME`, and read it"
    )
