"""The sandbox is held to the recordings: what it claims to answer, it answers as they did."""

import pytest

from tests.sandbox.pairs import GENERATIONS, STAGES, pairs_of, unclaimed
from tests.sandbox.replay import replay

WHOLLY_UNCLAIMED = ("tracker", "exchange")


@pytest.mark.parametrize("stage", [stage for stage in STAGES if stage not in WHOLLY_UNCLAIMED])
@pytest.mark.parametrize("generation", GENERATIONS)
def test_a_stage_is_answered_as_the_real_server_answered_it(generation: str, stage: str) -> None:
    replayed = replay(generation, stage)

    asked = replayed.claimed + replayed.unclaimed
    print(f"{generation} {stage}: {replayed.claimed} of {asked} pairs claimed")  # noqa: T201 - the share is asked for
    assert not replayed.failures, "\n".join(replayed.failures)


def test_every_unclaimed_pair_has_a_reason_and_every_reason_a_pair() -> None:
    recorded = [(pair, g) for g in GENERATIONS for stage in STAGES for pair in pairs_of(g, stage)]

    idle = [rule for rule in unclaimed() if not any(rule.covers(pair, g) for pair, g in recorded)]

    assert idle == []
    assert all(rule.reason for rule in unclaimed())
