"""What the actions of a plan mean, told as what the plan is: tracker's, a retiring, an undoing."""

from collections.abc import Iterable

import polars as pl

from pipeline.plan.rules import reasons

_MEANING = {
    "create": "will be written, the target holds nothing",
    "update": "will be changed, we wrote what stands there",
    "retract": "will be removed or set to zero, tracker counts nothing any more",
    "adopt": "already right; from now on we look after them",
    "keep": "already right",
    "conflict": "need a person: the target holds something we did not write (tally conflicts NAME)",
    "hold": "may not be written now",
    "skip": "left alone by policy",
    "foreign": "somebody else's, where tracker counts nothing",
    "orphan": "ours, but the mapping or the scope no longer reaches them",
    "close": "once ours, now gone on both sides",
}
# Where a reason makes an action another thing, in the place of the above.
_BY_REASON = {
    ("retract", reasons.RETIRED): "will be removed or set to zero, the mapping or the scope no "
    "longer reaches them",
    ("retract", reasons.UNDONE_TAKEN_BACK): "will be removed or set to zero, the run that is "
    "undone wrote them first",
    ("create", reasons.UNDONE_AGAIN): "will be written again, the run that is undone took them "
    "back",
    ("update", reasons.UNDONE_BACK): "will be changed back to what we had written before",
    ("keep", reasons.UNDONE_ALREADY): "already as they were before the run",
    ("foreign", reasons.CHANGED_BY_SOMEBODY): "changed by somebody since; they stay",
    ("close", reasons.UNDONE_GIVEN_BACK): "no longer ours; their numbers stay",
}
_OF_AN_UNDOING = tuple(reason for reason in reasons.SENTENCES if reason.startswith("undone_"))


def meanings_of(plan: pl.DataFrame, plain: Iterable[str] = ()) -> dict[str, str]:
    """What each action of a plan means there; the reasons of its cells say so.

    `plan`: action, reason_id. An action that is two things tells both. `plain`: actions that mean
    what they usually do.
    """
    found: dict[str, dict[str, None]] = {action: {_MEANING[action]: None} for action in plain}
    for action, reason_id in plan.select("action", "reason_id").unique().sort(pl.all()).rows():
        meaning = _BY_REASON.get((action, reason_id), _MEANING[action])
        found.setdefault(action, {})[meaning] = None
    return {action: "; or ".join(meanings) for action, meanings in found.items()}


def other_side(plan: pl.DataFrame) -> str:
    """What stands beside the target in a plan (reason_id): tracker, or how it was before a run."""
    undoing = plan["reason_id"].is_in(_OF_AN_UNDOING).any()
    return "as_before_the_run" if undoing else "tracker"
