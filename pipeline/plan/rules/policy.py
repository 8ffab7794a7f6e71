"""What a transfer may do to a cell: which actions write, and the policy that bends them."""

from dataclasses import dataclass
from typing import Literal

WRITING = ("create", "update", "retract")


@dataclass(frozen=True)
class PlanPolicy:
    """The part of a transfer's policy that decides actions.

    `conflict` holds for the periods of `conflict_periods` (None: all), as `conflict_owner` decided
    for `conflict_reason`. `retire`: orphans that stand as we left them are taken back.
    """

    existing: Literal["merge", "append", "update"] = "merge"
    vanished: Literal["retract", "zero", "leave"] = "retract"
    zeros: Literal["as_element", "store", "skip"] = "as_element"
    conflict: Literal["ask", "tracker", "manual"] = "ask"
    conflict_periods: tuple[str, ...] | None = None
    conflict_owner: str = ""
    conflict_reason: str = ""
    adopt_stored_by: tuple[str, ...] = ()
    adopt_aggregated: bool = False
    retire: bool = False
