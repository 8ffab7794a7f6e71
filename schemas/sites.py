"""The site register: who reports where, by tracker or on paper, from when to when."""

import pandera.polars as pa
from pandera.typing.polars import Series

from schemas.uids import UID, UID_OR_NOTHING

WAYS = ("tracker", "manual", "both")
SIDES = ("", "tracker", "manual")


class Sites(pa.DataFrameModel):
    """One row per org unit, part of its forms, and stretch of time.

    Both data_element and data_set empty: all of them. An empty period is no bound. `favour` says
    whose number holds where both report.
    """

    org_unit: Series[str] = pa.Field(str_matches=UID)
    data_element: Series[str] = pa.Field(str_matches=UID_OR_NOTHING)
    data_set: Series[str] = pa.Field(str_matches=UID_OR_NOTHING)
    reports: Series[str] = pa.Field(isin=WAYS)
    from_period: Series[str] = pa.Field(str_matches=r"^\w*$")
    to_period: Series[str] = pa.Field(str_matches=r"^\w*$")
    favour: Series[str] = pa.Field(isin=SIDES)

    class Config:
        """Every column is declared; more of them are refused before this is asked."""

        strict = True
