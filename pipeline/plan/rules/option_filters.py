"""Numbers that would fall because somebody edited by what events are put into options."""

from collections.abc import Mapping

import polars as pl

from pipeline.cells.key import FORM_CELL
from pipeline.plan.rules.guards import OPTION_FILTERS, Alarm
from pipeline.text.escaping import told_apart
from pipeline.text.wording import count

_SHOWN = 5


def changed_filters(before: Mapping[str, str], now: Mapping[str, str]) -> list[str]:
    """The indicators whose option filters are not those of the last load, in order."""
    return sorted(one for one, filters in now.items() if before.get(one, filters) != filters)


def filter_alarms(
    plan: pl.DataFrame, mapping: pl.DataFrame, changed: list[str], names: Mapping[str, str]
) -> list[Alarm]:
    """The guard against numbers that fall after the option filters of `changed` were edited.

    `plan` has FORM_CELL, action, tracker_value, ledger_value; `mapping` FORM_CELL and
    program_indicator. `names` gives the name of each indicator.
    """
    filled = mapping.filter(pl.col("program_indicator").is_in(changed)).select(FORM_CELL).unique()
    fell = pl.col("tracker_value").fill_null(0) < pl.col("ledger_value")
    follows = pl.col("action").is_in(["update", "retract"])
    falling = plan.join(filled, on=list(FORM_CELL), how="semi").filter(fell & follows).height
    if not falling:
        return []
    called = told_apart({one: names.get(one, one) for one in changed})
    shown = ", ".join(called[one] for one in changed[:_SHOWN])
    more = f" and {len(changed) - _SHOWN} more" if len(changed) > _SHOWN else ""
    saw = (
        f"the option filters of {shown}{more} were edited since the last load, and "
        f"{count(falling, 'number')} that they fill would fall"
    )
    return [Alarm(OPTION_FILTERS, saw, "numbers fall only where tracker took cases back")]
