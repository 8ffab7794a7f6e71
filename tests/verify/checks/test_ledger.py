"""What is ours was written to the system that the target is now, or a warning says so."""

from pathlib import Path

from tests.support.checking import checked, ids, one
from tests.support.village import tracker, village

COUNTED = """
    month  | clinic | what  | number
    202610 | a      | cases | 5
"""


def test_a_target_that_the_ledger_knows_is_no_finding(tmp_path: Path) -> None:
    with village(tmp_path) as post:
        before = checked(post)
        tracker(post, COUNTED)
        post.night()
        after = checked(post)

    assert "another-target" not in ids(before) | ids(after)


def test_a_target_with_another_system_id_is_a_warning_with_the_way_on(tmp_path: Path) -> None:
    with village(tmp_path) as post:
        tracker(post, COUNTED)
        post.night()
        known_as, post.world.system_id = post.world.system_id, "another0001"
        findings = checked(post)

    found = one(findings, "another-target")
    assert found.severity == "warning"
    assert known_as in found.what
    assert "another0001" in found.what
    assert "--allow another-target" in found.remedy
