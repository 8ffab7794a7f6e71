"""Every cell that tracker or paper reported is in one class."""

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from pipeline.compare.rules.discrepancies import Tolerance, compare
from tests.support.frames import frame
from tests.support.sides import side


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
    tolerances = [Tolerance(), Tolerance(2), Tolerance(share=0.05), Tolerance(1.5, 0.1)]

    assert [tolerance.in_words() for tolerance in tolerances] == [
        "none: only equal numbers agree",
        "2",
        "5 % of the manual number",
        "1.5 or 10 % of the manual number",
    ]
