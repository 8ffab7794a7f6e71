"""Which guards a run passed, of its plan and of its load, and why."""

from pipeline.ledger import journal
from pipeline.run.folder import RunFolder
from pipeline.run.records import find_record
from pipeline.run.seal import PlanRecord


def guards_passed(run: RunFolder) -> list[dict[str, str]]:
    """The guards that a run passed, its plan's first: guard, saw, usual, reason."""
    plan = find_record(run, PlanRecord)
    reasons = {entry["guard"]: entry["reason"] for entry in plan.allowed} if plan else {}
    of_plan = [
        alarm | {"reason": reasons[alarm["guard"]]}
        for alarm in (plan.alarms if plan else ())
        if alarm["guard"] in reasons
    ]
    return [*of_plan, *journal.passes_of_load(run)]
