"""The frames of metadata a run works with, as they are kept beside it."""

from dataclasses import dataclass, field
from typing import Any

import pandera.polars as pa
import polars as pl
from pandera.typing.polars import Series

from schemas.uids import ORG_UNIT_PATH, UID

WORD = r"^\S+$"

Json = dict[str, Any]  # one object, as DHIS2 sends it


class Metadata(pa.DataFrameModel):
    """What is common to all: every column is declared, and has a value unless it says otherwise."""

    class Config:
        """Every column is declared."""

        strict = True


class ProgramIndicators(Metadata):
    """One row per program indicator of a transfer.

    `categories` are those it is asked with, none for a plain one; `options` is the number of
    combinations of their options. `may_give_decimals`: by its decimals, aggregation type and
    expression it need not give whole numbers. `program`, `program_name` and `analytics_type`
    (EVENT or ENROLLMENT) are null where the server does not tell.
    """

    id: Series[str] = pa.Field(str_matches=UID, unique=True)
    code: Series[str] = pa.Field(nullable=True)
    name: Series[str]
    categories: Series[pl.List] = pa.Field(dtype_kwargs={"inner": pl.String()})
    options: Series[int] = pa.Field(ge=1)
    may_give_decimals: Series[bool]
    program: Series[str] = pa.Field(str_matches=UID, nullable=True)
    program_name: Series[str] = pa.Field(nullable=True)
    analytics_type: Series[str] = pa.Field(str_matches=WORD, nullable=True)


class OrgUnitTree(Metadata):
    """One row per org unit that the account may see; the root has level 1, one without path 0."""

    id: Series[str] = pa.Field(str_matches=UID, unique=True)
    code: Series[str] = pa.Field(nullable=True)
    name: Series[str]
    path: Series[str] = pa.Field(str_matches=ORG_UNIT_PATH)
    level: Series[int] = pa.Field(ge=0)
    opening_date: Series[pl.Date] = pa.Field(nullable=True)
    closed_date: Series[pl.Date] = pa.Field(nullable=True)


class DataElements(Metadata):
    """One row per data element of the target's data sets."""

    id: Series[str] = pa.Field(str_matches=UID, unique=True)
    code: Series[str] = pa.Field(nullable=True)
    name: Series[str]
    value_type: Series[str] = pa.Field(str_matches=WORD)
    aggregation_type: Series[str] = pa.Field(nullable=True)
    zero_is_significant: Series[bool]
    category_combo: Series[str] = pa.Field(str_matches=UID)
    option_set: Series[str] = pa.Field(str_matches=UID, nullable=True)


class DataSets(Metadata):
    """One row per data set of the target; `expiry_days` 0 means that it never closes.

    `open_periods_after_end`: so many periods it stays open after the end of an option.
    """

    id: Series[str] = pa.Field(str_matches=UID, unique=True)
    code: Series[str] = pa.Field(nullable=True)
    name: Series[str]
    period_type: Series[str] = pa.Field(str_matches=WORD)
    expiry_days: Series[float]
    open_future_periods: Series[int]
    open_periods_after_end: Series[int]
    category_combo: Series[str] = pa.Field(str_matches=UID)
    workflow: Series[str] = pa.Field(str_matches=UID, nullable=True)
    can_write: Series[bool] = pa.Field(nullable=True)


class DataSetElements(Metadata):
    """One row per element of a data set, with the category combo that holds there."""

    data_set: Series[str] = pa.Field(str_matches=UID)
    data_element: Series[str] = pa.Field(str_matches=UID)
    category_combo: Series[str] = pa.Field(str_matches=UID)


class DataSetOrgUnits(Metadata):
    """One row per org unit that a data set is assigned to."""

    data_set: Series[str] = pa.Field(str_matches=UID)
    org_unit: Series[str] = pa.Field(str_matches=UID)


class InputPeriods(Metadata):
    """One row per period that a data set is open for; a data set without any has no such rule."""

    data_set: Series[str] = pa.Field(str_matches=UID)
    period: Series[str] = pa.Field(str_matches=WORD)
    opening_date: Series[pl.Datetime] = pa.Field(nullable=True, dtype_kwargs={"time_unit": "us"})
    closing_date: Series[pl.Datetime] = pa.Field(nullable=True, dtype_kwargs={"time_unit": "us"})


class CategoryOptionCombos(Metadata):
    """One row per option combo of the server; `category_options` are sorted.

    `is_default`: it belongs to a category combo called `default`.
    """

    id: Series[str] = pa.Field(str_matches=UID, unique=True)
    code: Series[str] = pa.Field(nullable=True)
    name: Series[str] = pa.Field(nullable=True)
    category_combo: Series[str] = pa.Field(str_matches=UID)
    category_options: Series[pl.List] = pa.Field(dtype_kwargs={"inner": pl.String()})
    is_default: Series[bool]


class CategoryOptions(Metadata):
    """One row per option by which data sets are split up as a whole.

    Without dates it is always valid, without `org_units` everywhere.
    """

    id: Series[str] = pa.Field(str_matches=UID, unique=True)
    start_date: Series[pl.Date] = pa.Field(nullable=True)
    end_date: Series[pl.Date] = pa.Field(nullable=True)
    org_units: Series[pl.List] = pa.Field(dtype_kwargs={"inner": pl.String()})


@dataclass(frozen=True)
class SourceMetadata:
    """The program indicators of a transfer and the org units of the source.

    `program_indicators` and `org_units`: frames of the models above; `groups` gives the
    members of each org unit group that was asked for; `option_filters` a hash of the filters by
    which each disaggregated indicator puts events into options.
    """

    program_indicators: pl.DataFrame
    org_units: pl.DataFrame
    groups: dict[str, frozenset[str]]
    option_filters: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class TargetMetadata:
    """The forms and org units of the target, as frames of the models above."""

    data_elements: pl.DataFrame
    data_sets: pl.DataFrame
    data_set_elements: pl.DataFrame
    data_set_org_units: pl.DataFrame
    input_periods: pl.DataFrame
    category_option_combos: pl.DataFrame
    category_options: pl.DataFrame
    org_units: pl.DataFrame
    default_option_combo: str

    @property
    def display_names(self) -> dict[str, dict[str, str]]:
        """The names that a plan is told with, by id, for each kind of object."""
        return {
            "data_set": _names(self.data_sets),
            "data_element": _names(self.data_elements),
            "org_unit": _names(self.org_units),
            "category_option_combo": _names(self.category_option_combos),
        }


def _names(frame: pl.DataFrame) -> dict[str, str]:
    return dict(frame.select("id", pl.col("name").fill_null(pl.col("id"))).rows())
