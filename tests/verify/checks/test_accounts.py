"""An account may do what is needed; what it may do beyond is told."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from sandbox.http.server import running
from tests.support.checking import checked, ids, one
from tests.support.deployments import Post
from tests.support.village import CLINICS, village

GENERATIONS = pytest.mark.parametrize("generation", ["2.42", "2.43"])
NEEDED = frozenset({"F_VIEW_EVENT_ANALYTICS", "F_DATAVALUE_ADD"})


def become(post: Post, **changes: Any) -> None:  # noqa: ANN401  # any member of a user
    post.world.users["tally"] = replace(post.world.users["tally"], **changes)


@GENERATIONS
def test_an_account_without_its_authorities_is_an_error(generation: str, tmp_path: Path) -> None:
    with village(tmp_path, generation) as post:
        become(post, authorities=frozenset())
        findings = checked(post)

    assert {"source-rights", "target-rights"} <= ids(findings, "error")
    assert "F_DATAVALUE_ADD" in one(findings, "target-rights").what


@GENERATIONS
def test_an_account_that_may_do_everything_is_a_warning(generation: str, tmp_path: Path) -> None:
    with village(tmp_path, generation) as post:
        become(post, authorities=frozenset({"ALL", "F_EDIT_EXPIRED", "F_USER_ADD"}))
        findings = checked(post)

    assert ids(findings) == {"source-superuser", "target-superuser"}


def test_writing_past_locks_is_a_warning_and_other_rights_are_listed(tmp_path: Path) -> None:
    more = NEEDED | {"F_EDIT_EXPIRED", "F_USER_ADD", "F_METADATA_IMPORT"}
    with village(tmp_path) as post:
        become(post, authorities=more)
        findings = checked(post)

    assert ids(findings) == {"source-past-locks", "target-past-locks"}
    assert one(findings, "target-more-rights").where == "F_METADATA_IMPORT, F_USER_ADD"


def test_an_account_on_two_servers_needs_only_its_side(tmp_path: Path) -> None:
    with village(tmp_path) as post, running(post.world, "2.43") as copy:
        findings = checked(post, target=copy)

    assert one(findings, "source-more-rights").where == "F_DATAVALUE_ADD"
    assert one(findings, "target-more-rights").where == "F_VIEW_EVENT_ANALYTICS"


@GENERATIONS
def test_an_account_that_sees_less_than_it_writes_cannot_read_values_up_to_2_42(
    generation: str, tmp_path: Path
) -> None:
    with village(tmp_path, generation) as post:
        become(post, data_view_org_units=(CLINICS["a"],))
        post.configure(org_units={"level": 2, "within": [CLINICS["a"]]})
        findings = checked(post)

    if generation == "2.42":
        assert ids(findings, "error") == {"outside-reading", "readings"}
        assert one(findings, "outside-reading").where == "ouVillage01"
        assert "the same data view org units" in one(findings, "outside-reading").remedy
    else:
        assert ids(findings, "error") == set()


def test_an_account_without_org_units_is_an_error(tmp_path: Path) -> None:
    with village(tmp_path) as post:
        become(post, org_units=(), data_view_org_units=())
        findings = checked(post)

    assert {"source-org-units", "target-org-units"} <= ids(findings, "error")


def test_sites_beyond_the_accounts_trees_are_named(tmp_path: Path) -> None:
    with village(tmp_path) as post:
        become(post, org_units=("ouClinic00a", "ouClinic00c"), data_view_org_units=("ouClinic00a",))
        findings = checked(post)

    assert one(findings, "outside-view").where == "ouClinic00b, ouClinic00c"
    assert one(findings, "outside-view").severity == "error"
    assert one(findings, "outside-capture").where == "ouClinic00b"
    assert one(findings, "outside-capture").severity == "warning"


def test_a_target_account_beside_all_sites_is_an_error(tmp_path: Path) -> None:
    with village(tmp_path) as post:
        village_only = post.world.metadata["organisationUnits"][0]
        elsewhere = {**village_only, "id": "ouElsewhere", "path": "/ouElsewhere"}
        post.world.metadata["organisationUnits"].append(elsewhere)
        become(post, org_units=("ouElsewhere",))
        findings = checked(post)

    assert one(findings, "outside-capture").severity == "error"


def test_a_program_that_keeps_its_data_from_the_account_is_an_error(tmp_path: Path) -> None:
    with village(tmp_path) as post:
        post.world.metadata["programs"][0]["access"] = {"data": {"read": False}}
        findings = checked(post)

    assert ids(findings) == {"program-not-shared"}
    assert one(findings, "program-not-shared").where == "Register"
