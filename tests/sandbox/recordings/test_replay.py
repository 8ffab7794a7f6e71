"""The sandbox is held to the recordings: what it claims to answer, it answers as they did."""

import pytest

from tests.sandbox.recordings.pairs import GENERATIONS, RECORDINGS, STAGES, pairs_of, unclaimed
from tests.sandbox.recordings.replay import replay

WHOLLY_UNCLAIMED = ("tracker", "exchange")


@pytest.mark.parametrize("stage", [stage for stage in STAGES if stage not in WHOLLY_UNCLAIMED])
@pytest.mark.parametrize("generation", GENERATIONS)
def test_a_stage_is_answered_as_the_real_server_answered_it(generation: str, stage: str) -> None:
    found = replay(generation, stage)

    assert not found, "\n".join(found)


def test_the_share_that_is_claimed_is_written_down() -> None:
    rules = unclaimed()
    lines = []
    for stage in STAGES:
        shares = []
        for generation in GENERATIONS:
            pairs = pairs_of(generation, stage)
            claimed = sum(not any(r.covers(pair, generation) for r in rules) for pair in pairs)
            shares.append(f"{claimed} of {len(pairs)}")
        lines.append(f"| {stage} | {' | '.join(shares)} |")

    assert "\n".join(lines) in (RECORDINGS / "README.md").read_text(encoding="utf-8")


def test_every_unclaimed_pair_has_a_reason_and_every_reason_a_pair() -> None:
    recorded = [(pair, g) for g in GENERATIONS for stage in STAGES for pair in pairs_of(g, stage)]

    idle = [rule for rule in unclaimed() if not any(rule.covers(pair, g) for pair, g in recorded)]

    assert idle == []
    assert all(rule.reason for rule in unclaimed())
