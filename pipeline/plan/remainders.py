"""What stands in no category option, beside what stood there when the numbers were loaded."""

import polars as pl
from pandera.typing.polars import DataFrame

from pipeline.plan.context import PlanContext
from pipeline.plan.rules.remainders import believed_after, cells_of, judge_remainders
from pipeline.run.remainders import read_remainders
from pipeline.text.wording import count, number
from schemas.frames import trusted
from schemas.plan import Plan
from schemas.remainders import BelievedRemainders


def places_with_remainders(context: PlanContext) -> pl.DataFrame:
    """The places of a run with a remainder now or at their last load, as `judge_remainders`."""
    extract = context.extract
    before = context.work.store.remainders(context.state.known_as).filter(
        pl.col("period").is_in(extract.periods)
        & pl.col("org_unit").is_in(extract.org_units)
        & pl.col("program_indicator").is_in([*extract.categories])
    )
    return judge_remainders(read_remainders(context.work.run), trusted(before, BelievedRemainders))


def grown_cells(context: PlanContext) -> pl.DataFrame:
    """The cells of places whose remainder grew, as `cells_of` gives them."""
    grown = places_with_remainders(context).filter("grew")
    return cells_of(grown, context.mapping, context.org_units)


def record_remainders(context: PlanContext, plan: DataFrame[Plan]) -> list[str]:
    """Leave in the store what is believed once this plan is loaded; give notes on it."""
    places = places_with_remainders(context)
    if places.is_empty():
        return []
    cells = cells_of(places, context.mapping, context.org_units)
    believed = trusted(believed_after(places, cells, plan), BelievedRemainders)
    context.work.store.record_remainders(context.work.run.run_id, context.state.known_as, believed)
    return _notes(places)


def _notes(places: pl.DataFrame) -> list[str]:
    here = places.filter(pl.col("remainder").is_null() | (pl.col("remainder") > 0))
    if here.is_empty():
        return []
    uncategorised, numbers = number(float(here["remainder"].sum())), count(here.height, "number")
    text = (
        f"{uncategorised} counted in a total, but in no category option: {numbers} of program "
        "indicators are more than their cells; run.md and the view remainders list them"
    )
    return [text]
