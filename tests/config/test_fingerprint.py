"""A plan holds as long as its configuration means the same to it."""

import pytest

from pipeline.config.fingerprint import config_fingerprint
from pipeline.config.sections import Transfer

USUAL = {
    "source": {"program_indicators": ["piCases0001"]},
    "target": {"data_sets": ["dsMonthly01"]},
    "periods": {"last": 3},
    "org_units": {"level": 4},
}


def fingerprint(**sections: object) -> str:
    return config_fingerprint(Transfer.model_validate(USUAL | sections))


@pytest.mark.parametrize(
    ("section", "keys"),
    [
        ("source", {"program_indicators": ["piCases0002"]}),
        ("target", {"data_sets": ["dsMonthly02"]}),
        ("periods", {"last": 4}),
        ("org_units", {"level": 3}),
        ("mapping", {"unlisted_org_units": "reject"}),
        ("policy", {"vanished": "leave"}),
        ("adopt", {"aggregated": True}),
        ("guards", {"max_retractions": 1}),
        ("rejects", {"max_share": 1}),
    ],
)
def test_another_meaning_is_another_fingerprint(section: str, keys: object) -> None:
    assert fingerprint(**{section: keys}) != fingerprint()


@pytest.mark.parametrize(
    ("section", "keys"),
    [
        ("compare", {"data_set": "dsPaper0001"}),
        ("keep", {"newest_runs": 1}),
        ("periods", {"last": 3, "type": "Monthly"}),
        ("policy", {"vanished": "retract"}),
    ],
)
def test_the_same_meaning_is_the_same_fingerprint(section: str, keys: object) -> None:
    assert fingerprint(**{section: keys}) == fingerprint()
