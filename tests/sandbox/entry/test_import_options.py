"""The query of an import is read, and repeated in the answer."""

import pytest

from sandbox.messages.envelopes import RefusalError
from tests.sandbox.value_world import (
    NEW,
    OLD,
    row,
    send,
    small_world,
)


def test_a_strategy_nobody_knows_is_a_400() -> None:
    for generation in (OLD, NEW):
        with pytest.raises(RefusalError) as refusal:
            send(small_world(), generation, [row()], importStrategy="NO_SUCH")
        assert refusal.value.status == 400
