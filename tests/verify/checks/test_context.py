"""A check reads what can be read; what cannot be is a finding, and hinders nothing else."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from starlette.responses import Response

from pipeline.config.reading import read_transfer
from pipeline.text.errors import UsageError
from pipeline.verify.checks.context import (
    CheckedServer,
    VerifyContext,
    as_finding,
    read_verify_context,
)
from tests.support.deployments import NAME, Post, now
from tests.support.faults import first, instead
from tests.support.village import CLINICS, DEFAULT, village


@pytest.fixture(name="post")
def a_village(tmp_path: Path) -> Iterator[Post]:
    with village(tmp_path) as post:
        yield post


def context_of(post: Post) -> VerifyContext:
    """A check that has read nothing yet."""
    settings = read_transfer(post.deployment.configuration(NAME))
    both = (CheckedServer(name, post.client) for name in ("source", "target"))
    return VerifyContext(NAME, settings, post.deployment, {}, now(), *both)


def fails(post: Post, path: str) -> None:
    """Let the server refuse a path from now on."""
    refused = Response("{}", 409, media_type="application/json")
    post.sandbox.faults.append(first(99, path, instead(refused)))


def missing(context: VerifyContext) -> set[str]:
    """The parts that could not be read."""
    parts = ("tables", "metadata", "forms", "scope", "mapping")
    return {part for part in parts if getattr(context, part) is None}


def test_where_all_can_be_read_nothing_is_found(post: Post) -> None:
    context, findings = read_verify_context(context_of(post))

    assert findings == []
    assert missing(context) == set()
    assert [side.account.username for side in context.sides if side.account] == ["tally", "tally"]
    assert [side.name for side in context.sides] == ["source", "target"]


@pytest.mark.parametrize(
    ("path", "found", "parts"),
    [
        (
            "/api/system/info",
            ["source-server", "target-server"],
            {"metadata", "forms", "scope", "mapping"},
        ),
        ("/api/me", ["source-account", "target-account"], set()),
        ("/api/programIndicators", ["metadata"], {"metadata", "scope"}),
        ("/api/dataSets", ["forms"], {"forms", "scope", "mapping"}),
    ],
)
def test_what_cannot_be_read_is_found_and_the_rest_is_read(
    post: Post, path: str, found: list[str], parts: set[str]
) -> None:
    fails(post, path)

    context, findings = read_verify_context(context_of(post))

    assert [one.finding_id for one in findings] == found
    assert {one.severity for one in findings} == {"error"}
    assert missing(context) == parts


def test_a_mapping_that_cannot_be_read_leaves_the_servers_known(post: Post) -> None:
    (post.deployment.mappings(NAME) / "data_elements.csv").write_text("nonsense\n")

    context, findings = read_verify_context(context_of(post))

    assert [one.finding_id for one in findings] == ["tables"]
    assert missing(context) == {"tables", "scope", "mapping"}
    assert context.placed_org_units.columns == ["org_unit", "target_org_unit", "name"]
    assert context.placed_org_units.is_empty()


def test_a_site_that_no_form_is_assigned_to_is_looked_at_all_the_same(post: Post) -> None:
    post.world.metadata["dataSets"][0]["organisationUnits"] = [{"id": CLINICS["a"]}]

    context, _ = read_verify_context(context_of(post))

    assert context.placed_org_units["org_unit"].to_list() == [CLINICS[one] for one in "abc"]


def test_a_site_that_is_mapped_goes_where_it_is_mapped_to_and_keeps_its_name(post: Post) -> None:
    post.move({CLINICS["a"]: CLINICS["c"]})
    post.configure(mapping={"unlisted_org_units": "reject"})

    context, _ = read_verify_context(context_of(post))

    assert context.target_org_units.rows() == [
        *((CLINICS["c"], CLINICS["a"]), (None, CLINICS["b"]), (None, CLINICS["c"])),
    ]


def test_the_mapping_has_the_default_combo_where_it_names_none(post: Post) -> None:
    context, _ = read_verify_context(context_of(post))

    assert context.mapping is not None
    assert set(context.mapping["attribute_option_combo"]) == {DEFAULT}
    assert replace(context, forms=None).mapping is None


def test_a_letter_becomes_an_error_with_its_place_and_remedy() -> None:
    found = as_finding("tables", UsageError("it broke", where="line 3", remedy="mend it"))

    assert (found.finding_id, found.severity, found.what) == ("tables", "error", "it broke")
    assert (found.where, found.remedy) == ("line 3", "mend it")
