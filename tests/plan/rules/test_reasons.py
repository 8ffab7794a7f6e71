"""Whatever the plan does with a cell, it says why in a sentence."""

from pipeline.plan.rules import reasons


def test_every_reason_has_its_sentence() -> None:
    named = {
        value for name, value in vars(reasons).items() if name.isupper() and isinstance(value, str)
    }

    assert named == set(reasons.SENTENCES)
    assert all(len(sentence) > 15 for sentence in reasons.SENTENCES.values())
