"""A bad row beside a good one: the old engine refuses the row, the new one the request."""

from typing import Any

import pytest

from sandbox.messages.envelopes import RefusalError
from tests.sandbox.value_world import (
    BOYS,
    DEFAULT,
    NEW,
    OLD,
    cells,
    outcome,
    row,
    send,
    small_world,
)

BAD_ROWS: list[tuple[str, dict[str, Any], str, str]] = [
    (
        "a value of another type",
        row("deNumber001", "abc"),
        "409 WARNING 1,0,1,0 E7619[1]",
        "200 WARNING 0,1,1,0 E8122[1]",
    ),
    (
        "an org unit the form is not assigned to",
        row("deNumber001", orgUnit="ouCountry01"),
        "200 SUCCESS 2,0,0,0",
        "409 ERROR 0,0,0,0 E8022[0,1]",
    ),
    (
        "an org unit that nobody knows",
        row(orgUnit="ouNowhere01"),
        "409 WARNING 1,0,1,0 E7612[1]",
        "409 ERROR 0,0,0,0 E8022[0,1]",
    ),
    (
        "a closed org unit",
        row(orgUnit="ouClosed001"),
        "200 SUCCESS 2,0,0,0",
        "409 ERROR 0,0,0,0 E8031[0,1]",
    ),
    (
        "an element of another data set",
        row("deLocked001"),
        "200 SUCCESS 2,0,0,0",
        "409 ERROR 0,0,0,0 E8020[0,1]",
    ),
    (
        "an element that nobody knows",
        row("deUnknown01"),
        "409 WARNING 1,0,1,0 E7610[1]",
        "409 ERROR 0,0,0,0 E8020[0,1]",
    ),
    (
        "an option combo of another combo",
        row("deNumber001", categoryOptionCombo=BOYS),
        "200 SUCCESS 2,0,0,0",
        "409 ERROR 0,0,0,0 E8024[0,1]",
    ),
    (
        "the default combo, written out, where there are categories",
        row("deSplit0001", categoryOptionCombo=DEFAULT),
        "200 SUCCESS 2,0,0,0",
        "409 ERROR 0,0,0,0 E8024[0,1]",
    ),
    (
        "no combo where there are categories",
        row("deSplit0001"),
        "200 SUCCESS 2,0,0,0",
        "200 SUCCESS 0,2,0,0",
    ),
    (
        "an attribute option combo that nobody knows",
        row("deNumber001", attributeOptionCombo="cocUnknown1"),
        "409 WARNING 1,0,1,0 E7615[1]",
        "409 ERROR 0,0,0,0 E8023[0,1]",
    ),
    (
        "a week in a monthly form",
        row(period="2026W10"),
        "200 SUCCESS 2,0,0,0",
        "409 ERROR 0,0,0,0 E8021[0,1]",
    ),
    (
        "the month that is not over",
        row(period="202611"),
        "409 WARNING 1,0,1,0 E7641[1]",
        "409 ERROR 0,0,0,0 E8030[0,1]",
    ),
    (
        "the same cell again",
        row(value="2"),
        "200 SUCCESS 1,0,0,0",
        "409 ERROR 0,0,0,0 E8128[0,1]",
    ),
    (
        "no element at all",
        {"period": "202610", "orgUnit": "ouClinic001", "value": "1"},
        "409 WARNING 1,0,1,0 E7610[1]",
        "409 ERROR 0,0,0,0 E8102[-1]",
    ),
]


@pytest.mark.parametrize(
    ("bad", "old", "new"),
    [case[1:] for case in BAD_ROWS],
    ids=[case[0].replace(" ", "_") for case in BAD_ROWS],
)
def test_a_bad_row_beside_a_good_one(bad: dict[str, Any], old: str, new: str) -> None:
    for generation, expected in ((OLD, old), (NEW, new)):
        world = small_world()

        answer = send(world, generation, [row(), bad])

        assert (generation, outcome(answer)) == (generation, expected)
        written = answer[1]["response"]["status"] != "ERROR"
        assert (cells(world).get("deInteger01") == "1") is written


def test_a_period_that_is_no_period_is_one_row_to_the_old_engine_and_a_500_to_the_new() -> None:
    rows = [row(), row("deNumber001", period="2025XX")]

    assert outcome(send(small_world(), OLD, rows)) == "409 WARNING 1,0,1,0 E7611[1]"
    with pytest.raises(RefusalError) as refusal:
        send(small_world(), NEW, rows)
    assert refusal.value.status == 500


def test_a_nul_stops_the_old_engine_half_way_and_the_new_one_in_silence() -> None:
    rows = [row("deText00001", "a\0b"), row(value="2")]
    for generation, said, stored in (
        (OLD, "409 ERROR 0,0,0,0", "2"),
        (NEW, "200 SUCCESS 0,0,2,0", "1"),
    ):
        world = small_world()
        send(world, generation, [row(value="1")])

        assert outcome(send(world, generation, rows)) == said
        assert cells(world) == {"deInteger01": stored}
