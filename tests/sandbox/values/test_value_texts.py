"""A value's text is stored or refused, each engine in its way."""

from typing import Any

import pytest

from sandbox.messages.envelopes import RefusalError
from tests.sandbox.value_world import (
    NEW,
    OLD,
    cells,
    outcome,
    row,
    send,
    small_world,
    table,
)

TEXTS = table("""
    element     | text                  | old                 | new
    deInteger01 | 7                     | 7                   | 7
    deInteger01 | -7                    | -7                  | -7
    deInteger01 | 22.0                  | E7619               | 22
    deInteger01 | 22.5                  | E7619               | E8122
    deInteger01 | 007                   | E7619               | E8122
    deInteger01 | +5                    | E7619               | E8122
    deInteger01 | ' 5 '                 | E7619               | E8122
    deInteger01 | 2147483647            | 2147483647          | 2147483647
    deInteger01 | 2147483648            | E7619               | E8122
    deInteger01 | 0                     | nothing             | 0
    deInteger01 | ''                    | E7618               | E8120
    deNumber001 | 1.50                  | 1.50                | 1.50
    deNumber001 | 1e3                   | E7619               | E8122
    deNumber001 | .5                    | E7619               | E8122
    deNumber001 | 0.0                   | nothing             | 0.0
    deAverage01 | 0                     | 0                   | 0
    dePercent01 | 99.5                  | 99.5                | 99.5
    dePercent01 | 101                   | E7619               | E8122
    deBoolean01 | 1                     | true                | true
    deBoolean01 | T                     | true                | true
    deBoolean01 | 0                     | false               | false
    deBoolean01 | yes                   | E7619               | true
    deBoolean01 | maybe                 | E7619               | E8122
    deTrueOnly1 | 1                     | true                | true
    deTrueOnly1 | false                 | E7619               | E8122
    deDate00001 | 2026-10-01T00:00:00   | 2026-10-01T00:00:00 | 2026-10-01T00:00:00
    deDate00001 | 2026-02-30            | E7619               | E8122
    deDate00001 | 01/10/2026            | E7619               | E8122
    deOption001 | M                     | M                   | M
    deOption001 | Male                  | E7621               | E8123
    deOption001 | m                     | E7621               | E8123
""")


@pytest.mark.parametrize(("element", "text", "old", "new"), TEXTS)
def test_a_value_text_is_stored_or_refused_as_its_generation_does(
    element: str, text: str, old: str, new: str
) -> None:
    for generation, expected in ((OLD, old), (NEW, new)):
        world = small_world()

        answer = send(world, generation, [row(element, text)])

        said = outcome(answer).split()
        result = (
            said[3].partition("[")[0] if len(said) > 3 else cells(world).get(element, "nothing")
        )
        assert (generation, result) == (generation, expected)


def test_a_blank_deletes_on_the_old_server_and_stays_on_the_new() -> None:
    for generation, expected in ((OLD, "None deleted"), (NEW, " ")):
        world = small_world()
        send(world, generation, [row(value="5")])

        send(world, generation, [row(value=" ")])

        assert cells(world) == {"deInteger01": expected}


@pytest.mark.parametrize(
    "bad", [row(value=12), row(value=True), row(deleted="true"), row(comment=3)]
)
def test_the_new_engine_wants_texts_and_booleans_where_they_belong(bad: dict[str, Any]) -> None:
    world = small_world()

    assert send(world, OLD, [bad])[0] in (200, 409)
    with pytest.raises(RefusalError) as refusal:
        send(small_world(), NEW, [bad])
    assert refusal.value.status == 500
