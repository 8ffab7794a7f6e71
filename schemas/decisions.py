"""What people decided about single cells, as they keep it beside the transfer."""

import pandera.polars as pa
from pandera.typing.polars import Series

from schemas.uids import UID, UID_OR_NOTHING

WORDS = ("tracker", "manual", "leave")


class Decisions(pa.DataFrameModel):
    """One row per cell: whose number holds there, who decided it, why, and until which day.

    An empty option combo means the default one. `tracker`: tracker's number is written; `manual`:
    the number of the target stays; `leave`: nobody is asked again until then.
    """

    data_element: Series[str] = pa.Field(str_matches=UID)
    period: Series[str] = pa.Field(str_matches=r"^\w+$")
    org_unit: Series[str] = pa.Field(str_matches=UID)
    category_option_combo: Series[str] = pa.Field(str_matches=UID_OR_NOTHING)
    attribute_option_combo: Series[str] = pa.Field(str_matches=UID_OR_NOTHING)
    decision: Series[str] = pa.Field(isin=WORDS)
    decided_by: Series[str] = pa.Field(str_length={"min_value": 1})
    why: Series[str] = pa.Field(str_length={"min_value": 1})
    until: Series[str] = pa.Field(
        str_matches=r"^(\d{4}-\d{2}-\d{2})?$", str_length={"min_value": 1}
    )

    class Config:
        """Every column is declared; more of them are refused before this is asked."""

        strict = True
