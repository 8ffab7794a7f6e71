"""What a person has to settle is told once for all indicators it is about."""

from pipeline.report.doubts import doubts_as_lines
from pipeline.upkeep.rules.suggest.mapping import Doubt


def test_the_commonest_reason_comes_first_and_a_long_list_is_cut() -> None:
    nameless = [Doubt(f"pi{number}", "it names no data element") for number in range(7)]
    doubts = [Doubt("piA", "its element is unknown"), *reversed(nameless)]

    assert doubts_as_lines(doubts, {"pi0": "Fever\ncases"}) == [
        "Fever cases (pi0), pi1, pi2, pi3, pi4 and 2 more: it names no data element",
        "piA: its element is unknown",
    ]


def test_no_doubt_is_no_line() -> None:
    assert doubts_as_lines([], {}) == []
