"""Every moment of a run belongs to one column, and all of them add up."""

from itertools import chain

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.probes.stopwatch import TIME_COLUMNS, Doing, Span, Stopwatch, laid_out

DOINGS: tuple[Doing, ...] = (*TIME_COLUMNS, "confirm")


def told(*spans: Span, end: float = 10) -> dict[str, dict[str, float]]:
    parts = laid_out("load", 0, end, spans)
    return {
        part.part: {column: spent for column, spent in part.seconds.items() if spent}
        for part in parts
    }


def test_what_nobody_else_takes_is_ours() -> None:
    assert told() == {"load": {"ours": 10}}
    assert told(Span("server", 1, 4), Span("network", 4, 5)) == {
        "load": {"server": 3, "network": 1, "ours": 6}
    }


def test_two_at_once_are_counted_once() -> None:
    assert told(Span("server", 1, 4), Span("server", 2, 6)) == {"load": {"server": 5, "ours": 5}}


def test_bytes_that_arrive_come_before_waiting_and_waiting_before_reading() -> None:
    spans = (Span("server", 0, 6), Span("network", 4, 8), Span("parse", 5, 10))

    assert told(*spans) == {"load": {"server": 4, "network": 4, "parse": 2}}


def test_the_time_between_two_tries_is_the_servers() -> None:
    assert told(Span("patience", 0, 9), Span("server", 0, 1), Span("network", 8, 9)) == {
        "load": {"server": 8, "network": 1, "ours": 1}
    }


def test_reading_back_is_a_part_of_its_own() -> None:
    spans = (Span("server", 0, 2), Span("confirm", 2, 7), Span("server", 3, 6))

    assert told(*spans) == {
        "load": {"server": 2, "ours": 3},
        "confirm": {"server": 3, "ours": 2},
    }
    assert [part.requests for part in laid_out("load", 0, 10, spans)] == [1, 1]


def test_what_was_before_the_stage_is_not_counted() -> None:
    assert laid_out("plan", 10, 12, [Span("server", 0, 9)])[0].requests == 0


@given(
    st.lists(
        st.builds(
            lambda doing, at, long: Span(doing, at, min(at + long, 100)),
            st.sampled_from(DOINGS),
            st.integers(0, 100),
            st.integers(0, 30),
        )
    )
)
def test_the_seconds_add_up_to_the_whole(spans: list[Span]) -> None:
    seconds = chain.from_iterable(
        part.seconds.values() for part in laid_out("extract", 0, 100, spans)
    )

    assert sum(seconds) == 100


def test_a_stopwatch_notes_blocks_and_what_comes_one_by_one() -> None:
    moments = iter(range(100))
    watch = Stopwatch(lambda: next(moments))

    with pytest.raises(ZeroDivisionError), watch.measuring("confirm"):
        raise ZeroDivisionError
    assert list(watch.each("parse", ["a", "b"])) == ["a", "b"]

    assert watch.spans == [
        Span("confirm", 0, 1),
        Span("parse", 2, 3),
        Span("parse", 4, 5),
        Span("parse", 6, 7),
    ]
