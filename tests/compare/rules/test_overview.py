"""Every sum of an overview is a sum of cells, and the farthest apart comes first."""

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pandera.typing.polars import DataFrame

from pipeline.compare.rules.discrepancies import Tolerance, compare
from pipeline.compare.rules.names import with_names
from pipeline.compare.rules.overview import Overview, overview
from schemas.values import Values
from schemas.vocabulary import AGREEMENTS
from tests.support.sides import NAMES, NO_FINDINGS, PROVENANCE, side


def summed_up(tracker: DataFrame[Values], manual: DataFrame[Values]) -> Overview:
    cells = with_names(compare(tracker, manual, Tolerance()), NAMES, district_level=2)
    return overview(cells, NO_FINDINGS, PROVENANCE)


def test_the_site_that_is_farthest_from_paper_comes_first_and_silence_counts_as_distance() -> None:
    shown = summed_up(
        side(("ou_a", 5), ("ou_b", 7), ("ou_n", 1)), side(("ou_a", 4), ("ou_c", 20), ("ou_n", 1))
    )

    assert shown.sites.select("org_unit_name", "difference", "distance").rows() == [
        ("Calabo", None, 20.0),
        ("Bori", None, 7.0),
        ("Aba", 1.0, 1.0),
        ("North", 0.0, 0.0),
    ]


def test_an_overview_of_nothing_still_has_every_class() -> None:
    shown = summed_up(side(), side())

    assert shown.agreements["agreement"].to_list() == list(AGREEMENTS)
    assert shown.agreements["cells"].to_list() == [0] * len(AGREEMENTS)
    assert shown.cells.is_empty()


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
    shown = overview(with_names(cells, NAMES, district_level=2), NO_FINDINGS, PROVENANCE)

    assert set(cells["org_unit"]) == set(tracker) | set(manual)
    assert cells.height == len(set(tracker) | set(manual))
    assert set(cells["agreement"]) <= set(AGREEMENTS)
    for summed in (shown.agreements, shown.elements, shown.sites, shown.site_months):
        assert summed["cells"].sum() == cells.height
    assert shown.agreements["tracker_total"].sum() == pytest.approx(sum(tracker.values()))
    assert shown.agreements["manual_total"].sum() == pytest.approx(sum(manual.values()))
    both = set(tracker) & set(manual)
    for summed in (shown.elements, shown.district_months, shown.sites):
        assert summed["tracker_total"].sum() == pytest.approx(sum(tracker[one] for one in both))
        assert summed["manual_total"].sum() == pytest.approx(sum(manual[one] for one in both))
        assert summed["difference"].sum() == pytest.approx(cells["difference"].sum())
    agreeing = shown.agreements.filter(pl.col("agreement").is_in(["same", "within_tolerance"]))
    for summed in (shown.elements, shown.sites, shown.site_months):
        assert summed["agreeing"].sum() == agreeing["cells"].sum()
    parts = ("agreeing", "differing", "only_tracker", "only_manual")
    for summed in (shown.elements, shown.sites):
        assert summed.select(parts).sum().sum_horizontal().to_list() == [cells.height]
