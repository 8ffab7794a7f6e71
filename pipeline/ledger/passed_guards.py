"""Which guards a run passed, of its plan and of its load, and why."""

from pipeline.files.whole import read_json_or_nothing
from pipeline.ledger import journal
from pipeline.run.folder import RunFolder


def guards_passed(run: RunFolder) -> list[dict[str, str]]:
    """The guards that a run passed, its plan's first: guard, saw, usual, reason."""
    seal = read_json_or_nothing(run.path / "plan.json") or {"alarms": [], "allowed": []}
    reasons = {entry["guard"]: entry["reason"] for entry in seal["allowed"]}
    of_plan = [
        alarm | {"reason": reasons[alarm["guard"]]}
        for alarm in seal["alarms"]
        if alarm["guard"] in reasons
    ]
    return [*of_plan, *journal.passes_of_load(run)]
