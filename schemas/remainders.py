"""What an indicator counted in all beside what its categories counted: the rest is in none."""

import pandera.polars as pa
from pandera.typing.polars import Series

from schemas.frames import Frame

PLACE = ("program_indicator", "period", "org_unit")


class Remainders(Frame):
    """One row per program indicator, period and org unit of the source with an uncategorised rest.

    `categorised`: the sum of its cells. `total`: the indicator asked without its categories, more
    than that; null where the server gave none although cells were counted.
    """

    program_indicator: Series[str]
    period: Series[str]
    org_unit: Series[str]
    total: Series[float] = pa.Field(nullable=True)
    categorised: Series[float]


class BelievedRemainders(Frame):
    """One row per place: what stood in no category when its numbers were loaded last."""

    program_indicator: Series[str]
    period: Series[str]
    org_unit: Series[str]
    remainder: Series[float]
