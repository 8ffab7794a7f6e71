"""A cell that is not there is refused."""

import pytest

from sandbox.data_sets import approvals
from sandbox.entry.context import Context
from sandbox.messages.envelopes import RefusalError
from tests.sandbox.value_world import CLERK, MONTH, NOW, small_world

CELL = {"ds": "dsForm00001", "pe": MONTH, "ou": "ouClinic001"}


@pytest.mark.parametrize("wrong", [{"ds": "x"}, {"pe": "x"}, {"ou": "x"}])
def test_a_cell_that_is_not_there_is_refused(wrong: dict[str, str]) -> None:
    with pytest.raises(RefusalError) as refusal:
        approvals.approve(Context(small_world(), CLERK, NOW), CELL | wrong)

    assert refusal.value.status == 409
