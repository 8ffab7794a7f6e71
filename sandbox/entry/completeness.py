"""What is stored when a data set is registered as complete."""

from datetime import date

from sandbox.entry.context import Context
from sandbox.entry.timeliness import midnight
from sandbox.state.world import Json


def registration(context: Context, entry: Json) -> Json:
    """A registration as it is stored: today and the current user unless it says otherwise."""
    day = entry.get("date")
    return {
        "date": midnight(date.fromisoformat(day[:10])) if day else context.now,
        "storedBy": entry.get("storedBy") or context.user.username,
        "completed": entry.get("completed", True) is not False,
        "lastUpdated": context.now,
        "lastUpdatedBy": context.user.username,
    }
