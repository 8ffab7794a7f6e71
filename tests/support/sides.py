"""Two sides of a comparison, and what the sites of a small country are called."""

from datetime import UTC, datetime

import polars as pl
from pandera.typing.polars import DataFrame

from pipeline.compare.rules.names import CellNames
from pipeline.compare.rules.overview import Provenance
from schemas.comparison import ManualFindings
from schemas.frames import empty, trusted
from schemas.values import Values
from tests.support.frames import frame

NAMES = CellNames(
    data_elements=frame("""
        id       | name
        de_cases | Cases
    """),
    category_option_combos=frame("""
        id      | name
        coc_m   | Male
        default | default
    """),
    org_units=frame("""
        id     | name    | path
        ou_n   | North   | /ou_n
        ou_d1  | Harbour | /ou_n/ou_d1
        ou_d2  | Harbour | /ou_n/ou_d2
        ou_d3  | Hills   | /ou_n/ou_d3
        ou_a   | Aba     | /ou_n/ou_d1/ou_a
        ou_b   | Bori    | /ou_n/ou_d2/ou_b
        ou_c   | Calabo  | /ou_n/ou_d3/ou_c
    """),
)
PROVENANCE = Provenance(
    transfer="malaria",
    run_id="20261124T020000Z",
    run_started_at=datetime(2026, 11, 24, 2, tzinfo=UTC),
    analytics_built="2026-11-24T01:00:00",
    manual_source="file manual.csv",
    manual_read_at=datetime(2026, 11, 24, 2, 5, tzinfo=UTC),
    tally_version="0",
    tolerance="none",
)
NO_FINDINGS = empty(ManualFindings)


def side(*values: tuple[str, float]) -> DataFrame[Values]:
    """The numbers of one side, one a site, for October."""
    values = pl.DataFrame(
        [("de_cases", "202610", site, "coc_m", "default", number) for site, number in values],
        schema={
            "data_element": pl.String,
            "period": pl.String,
            "org_unit": pl.String,
            "category_option_combo": pl.String,
            "attribute_option_combo": pl.String,
            "value": pl.Float64,
        },
        orient="row",
    )
    return trusted(values, Values)
