"""Every cell that tracker or paper reported is in one class, and every sum is a sum of cells."""

from datetime import UTC, date, datetime

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from pipeline.compare.rules.discrepancies import AGREEMENTS, Tolerance, compare
from pipeline.compare.rules.names import CellNames, with_names
from pipeline.compare.rules.overview import MANUAL_FINDINGS, Overview, Provenance, overview
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
NO_FINDINGS = pl.DataFrame(schema=MANUAL_FINDINGS)


def side(*values: tuple[str, float]) -> pl.DataFrame:
    """Give the numbers of one side, one a site, for October."""
    return pl.DataFrame(
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


def summed_up(tracker: pl.DataFrame, manual: pl.DataFrame) -> Overview:
    cells = with_names(compare(tracker, manual, Tolerance()), NAMES, district_level=2)
    return overview(cells, NO_FINDINGS, PROVENANCE)


def test_a_cell_is_in_one_class_and_a_silent_side_is_null_never_zero() -> None:
    tracker = side(("ou_a", 5), ("ou_b", 104), ("ou_c", 9), ("ou_d", 2), ("ou_e", 0))
    manual = side(("ou_a", 5), ("ou_b", 100), ("ou_c", 4), ("ou_d", 6), ("ou_f", 0))
    expected = frame(
        """
        org_unit | tracker_value | manual_value | difference | agreement
        ou_a     | 5             | 5            | 0          | same
        ou_b     | 104           | 100          | 4          | within_tolerance
        ou_c     | 9             | 4            | 5          | tracker_higher
        ou_d     | 2             | 6            | -4         | tracker_lower
        ou_e     | 0             | -            | -          | only_tracker
        ou_f     | -             | 0            | -          | only_manual
        """,
        tracker_value=pl.Float64,
        manual_value=pl.Float64,
        difference=pl.Float64,
    )

    compared = compare(tracker, manual, Tolerance(absolute=1, share=0.04))

    assert_frame_equal(compared.select(expected.columns), expected)


@pytest.mark.parametrize(
    ("tolerance", "tracker", "manual", "agreement"),
    [
        (Tolerance(), 1.0, 1.0, "same"),
        (Tolerance(), 1.1, 1.0, "tracker_higher"),
        (Tolerance(absolute=2), 3.0, 5.0, "within_tolerance"),
        (Tolerance(absolute=2), 2.0, 5.0, "tracker_lower"),
        (Tolerance(share=0.1), 3.3, 3.0, "within_tolerance"),
        (Tolerance(share=0.1), 0.0, 0.0, "same"),
        (Tolerance(share=0.1), 1.0, 0.0, "tracker_higher"),
        (Tolerance(share=0.1), -33.0, -30.0, "within_tolerance"),
        (Tolerance(absolute=1, share=0.5), 1.0, 0.0, "within_tolerance"),
    ],
)
def test_the_wider_of_the_two_tolerances_holds(
    tolerance: Tolerance, tracker: float, manual: float, agreement: str
) -> None:
    compared = compare(side(("ou_a", tracker)), side(("ou_a", manual)), tolerance)

    assert compared["agreement"].to_list() == [agreement]


def test_a_tolerance_is_told_in_words() -> None:
    told = [Tolerance(), Tolerance(2), Tolerance(share=0.05), Tolerance(1.5, 0.1)]

    assert [tolerance.in_words() for tolerance in told] == [
        "none: only equal numbers agree",
        "2",
        "5 % of the manual number",
        "1.5 or 10 % of the manual number",
    ]


def test_districts_of_one_name_are_told_apart_and_what_has_no_name_goes_by_its_id() -> None:
    cells = compare(
        side(("ou_a", 1), ("ou_b", 1), ("ou_c", 1), ("ou_n", 1), ("ou_x", 1)),
        side(),
        Tolerance(),
    )

    named = with_names(cells, NAMES, district_level=2)

    assert named.select("org_unit_name", "district").rows() == [
        ("Aba", "Harbour (ou_d1)"),
        ("Bori", "Harbour (ou_d2)"),
        ("Calabo", "Hills"),
        ("North", "North"),
        ("ou_x", "ou_x"),
    ]
    assert named["period_start"].unique().to_list() == [date(2026, 10, 1)]
    assert named["category_option_combo_name"].unique().to_list() == ["Male"]


def test_sites_and_elements_of_one_name_are_told_apart_and_combos_are_not() -> None:
    alike = CellNames(
        frame("""
            id        | name
            de_cases  | Hill
            de_deaths | Hill
        """),
        NAMES.category_option_combos.with_columns(name=pl.lit("Hill")),
        NAMES.org_units.with_columns(name=pl.lit("Hill")),
    )
    values = side(("ou_a", 1), ("ou_b", 1))
    both = pl.concat([values, values.with_columns(data_element=pl.lit("de_deaths"))])

    named = with_names(compare(both, side(), Tolerance()), alike, district_level=2)

    assert set(named["org_unit_name"]) == {"Hill (ou_a)", "Hill (ou_b)"}
    assert set(named["data_element_name"]) == {"Hill (de_cases)", "Hill (de_deaths)"}
    assert set(named["category_option_combo_name"]) == {"Hill"}


def test_a_period_of_another_calendar_has_no_first_day() -> None:
    strange = side(("ou_a", 1)).with_columns(period=pl.lit("2083-Baisakh"))

    named = with_names(compare(strange, side(), Tolerance()), NAMES, district_level=2)

    assert named["period_start"].to_list() == [None]


def test_the_site_that_is_farthest_from_paper_comes_first_and_silence_counts_as_distance() -> None:
    told = summed_up(
        side(("ou_a", 5), ("ou_b", 7), ("ou_n", 1)), side(("ou_a", 4), ("ou_c", 20), ("ou_n", 1))
    )

    assert told.sites.select("org_unit_name", "difference", "distance").rows() == [
        ("Calabo", None, 20.0),
        ("Bori", None, 7.0),
        ("Aba", 1.0, 1.0),
        ("North", 0.0, 0.0),
    ]


def test_an_overview_of_nothing_still_has_every_class() -> None:
    told = summed_up(side(), side())

    assert told.agreements["agreement"].to_list() == list(AGREEMENTS)
    assert told.agreements["cells"].to_list() == [0] * len(AGREEMENTS)
    assert told.cells.is_empty()


numbers = st.dictionaries(
    st.sampled_from([f"ou_{letter}" for letter in "abcdnxyz"]),
    st.one_of(st.integers(-5, 9), st.decimals(0, 9, places=2)).map(float),
)


@given(
    numbers,
    numbers,
    st.builds(Tolerance, absolute=st.sampled_from([0.0, 1.0]), share=st.sampled_from([0.0, 0.2])),
)
def test_every_sum_of_an_overview_is_the_sum_of_its_cells(
    tracker: dict[str, float], manual: dict[str, float], tolerance: Tolerance
) -> None:
    cells = compare(side(*tracker.items()), side(*manual.items()), tolerance)
    told = overview(with_names(cells, NAMES, district_level=2), NO_FINDINGS, PROVENANCE)

    assert set(cells["org_unit"]) == set(tracker) | set(manual)
    assert cells.height == len(set(tracker) | set(manual))
    assert set(cells["agreement"]) <= set(AGREEMENTS)
    for summed in (told.agreements, told.elements, told.sites, told.site_months):
        assert summed["cells"].sum() == cells.height
    assert told.agreements["tracker_total"].sum() == pytest.approx(sum(tracker.values()))
    assert told.agreements["manual_total"].sum() == pytest.approx(sum(manual.values()))
    both = set(tracker) & set(manual)
    for summed in (told.elements, told.district_months, told.sites):
        assert summed["tracker_total"].sum() == pytest.approx(sum(tracker[one] for one in both))
        assert summed["manual_total"].sum() == pytest.approx(sum(manual[one] for one in both))
        assert summed["difference"].sum() == pytest.approx(cells["difference"].sum())
    agreeing = told.agreements.filter(pl.col("agreement").is_in(["same", "within_tolerance"]))
    for summed in (told.elements, told.sites, told.site_months):
        assert summed["agreeing"].sum() == agreeing["cells"].sum()
    parts = ("agreeing", "differing", "only_tracker", "only_manual")
    for summed in (told.elements, told.sites):
        assert summed.select(parts).sum().sum_horizontal().to_list() == [cells.height]
