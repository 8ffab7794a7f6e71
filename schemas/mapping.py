"""The mapping tables as an officer keeps them: which count fills which cell of which form."""

import hashlib
from dataclasses import dataclass

import pandera.polars as pa
from pandera.typing.polars import DataFrame, Series

from schemas.uids import UID, UID_OR_NOTHING, UID_TOTAL_OR_NOTHING, UIDS_JOINED_BY_PLUS

SOMETHING = r"\S"

RULES = ("only", "sum", "max", "min")
MERGE = "merge"


class DataElementMapping(pa.DataFrameModel):
    """One row per source and cell: what is counted, and which cell of a form it fills.

    A source is a program indicator, with its category options when it is disaggregated; it may
    fill several cells. `category_options` are UIDs joined by +, in any order; empty for a plain
    indicator. An empty option combo means the default one. `rule` says how several sources on one
    cell become one number; `only` allows no second source. `data_set` is needed where an element
    is in several.
    """

    program_indicator: Series[str] = pa.Field(str_matches=UID)
    category_options: Series[str] = pa.Field(str_matches=UIDS_JOINED_BY_PLUS)
    data_element: Series[str] = pa.Field(str_matches=UID)
    category_option_combo: Series[str] = pa.Field(str_matches=UID_OR_NOTHING)
    attribute_option_combo: Series[str] = pa.Field(str_matches=UID_OR_NOTHING)
    rule: Series[str] = pa.Field(isin=RULES)
    data_set: Series[str] = pa.Field(str_matches=UID_OR_NOTHING)

    class Config:
        """Every column is declared; more of them are refused before this is asked."""

        strict = True


class OrgUnitMapping(pa.DataFrameModel):
    """One row per org unit of the source: where its counts go in the target.

    `rule`: merge adds its counts to those of other org units that go to the same place; where it
    is empty, no other may go there but one that is merged.
    """

    source_org_unit: Series[str] = pa.Field(str_matches=UID, unique=True)
    target_org_unit: Series[str] = pa.Field(str_matches=UID)
    rule: Series[str] = pa.Field(isin=["", MERGE])

    class Config:
        """Every column is declared; more of them are refused before this is asked."""

        strict = True


class ManualMapping(pa.DataFrameModel):
    """One row per pair: a manual element, and the tracker-fed element it is compared with.

    The manual side is written as the file writes it. Both combos empty: the same on both sides;
    only one empty: the default one there. `total` adds up all combos of that side.
    """

    manual_data_element: Series[str] = pa.Field(str_matches=SOMETHING)
    manual_category_option_combo: Series[str]
    manual_attribute_option_combo: Series[str]
    data_element: Series[str] = pa.Field(str_matches=UID)
    category_option_combo: Series[str] = pa.Field(str_matches=UID_TOTAL_OR_NOTHING)
    attribute_option_combo: Series[str] = pa.Field(str_matches=UID_TOTAL_OR_NOTHING)

    class Config:
        """Every column is declared; more of them are refused before this is asked."""

        strict = True


class ManualDataSetMapping(ManualMapping):
    """The same where manual numbers come from a data set: its objects are named by their ids."""

    manual_data_element: Series[str] = pa.Field(str_matches=UID)
    manual_category_option_combo: Series[str] = pa.Field(str_matches=UID_TOTAL_OR_NOTHING)
    manual_attribute_option_combo: Series[str] = pa.Field(str_matches=UID_TOTAL_OR_NOTHING)


@dataclass(frozen=True)
class MappingTables:
    """What a transfer's mapping folder says, checked.

    `data_elements` is sorted by source and cell; `org_units` has no row when every org unit keeps
    its id. `fingerprint` changes when a meaning changes, not when rows are reordered.
    """

    data_elements: DataFrame[DataElementMapping]
    org_units: DataFrame[OrgUnitMapping]

    @property
    def fingerprint(self) -> str:
        """A hash of what both tables mean."""
        merges = (self.org_units["rule"] != "").any()
        org_units = self.org_units if merges else self.org_units.drop("rule")  # as before there was
        text = self.data_elements.write_csv() + org_units.write_csv()
        return hashlib.sha256(text.encode()).hexdigest()
