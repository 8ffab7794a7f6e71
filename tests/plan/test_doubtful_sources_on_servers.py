"""What is there twice is named beforehand, and nothing of it is written."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from pipeline.dhis2.access.connections import Connection
from pipeline.dhis2.access.credentials import Credentials
from pipeline.dhis2.http.client import Client
from pipeline.extract.stage import extract
from pipeline.plan.stage import plan
from pipeline.run.progress import Silence
from pipeline.transform.stage import transform
from sandbox.country.build import Clock
from sandbox.http.server import running
from sandbox.state.register import Register
from sandbox.state.tables import build
from sandbox.state.tree import Tree
from sandbox.state.world import User, World
from tests.support.checking import checked, ids, one
from tests.support.deployments import PASSWORD, Post, now, planned
from tests.support.village import (
    CLINICS,
    MORNING,
    combo,
    form,
    in_words,
    metadata,
    option_combo,
    org_unit,
    tracker,
    village,
)

GENERATIONS = pytest.mark.parametrize("generation", ["2.42", "2.43"])
COUNTS = """
    month  | clinic | what  | number
    202609 | a      | cases | 5
    202609 | a      | boys  | 2
    202609 | a      | girls | 3
    202609 | b      | cases | 7
"""

FINDINGS = {"twin_combo": "target-twin-combos", "two_defaults": "target-two-defaults"}


def kinds(post: Post, kind: str) -> list[dict[str, Any]]:
    return post.world.metadata[kind]


def twin_of_boys(post: Post) -> None:
    kinds(post, "categoryOptionCombos").append(
        option_combo("cocBoys0002", "Boys", "ccSex000001", "coBoys00001")
    )


def second_default_option_combo(post: Post) -> None:
    kinds(post, "categoryOptionCombos").append(
        option_combo("cocDefault2", "default", "ccDefault01", "coDefault01")
    )


def second_default_combo(post: Post) -> None:
    kinds(post, "categoryCombos").insert(0, combo("ccDefault00", "default", "caDefault01"))
    kinds(post, "categoryOptionCombos").insert(
        0, option_combo("cocDefault0", "default", "ccDefault00", "coDefault01")
    )


@GENERATIONS
@pytest.mark.parametrize(
    ("happen", "reason", "written"),
    [
        (twin_of_boys, "twin_combo", ["cases", "girls", "cases"]),
        (second_default_option_combo, "two_defaults", []),
        (second_default_combo, "two_defaults", []),
    ],
)
def test_option_combos_with_a_twin_are_named_and_their_cells_held(
    tmp_path: Path,
    generation: str,
    happen: Callable[[Post], None],
    reason: str,
    written: list[str],
) -> None:
    with village(tmp_path, generation) as post:
        tracker(post, COUNTS)
        happen(post)

        findings = checked(post)
        night = post.night()

        assert one(findings, FINDINGS[reason]).severity == "error"
        held = planned(night.work).filter(action="hold")
        assert set(held["reason_id"]) == {reason}
        assert held.height == 4 - len(written)
        assert [line[2] for line in form(post)] == written
        assert night.loaded.is_whole


def ward_below_a(post: Post) -> None:
    """A ward below clinic a reports too, and tracker counts in it."""
    units = kinds(post, "organisationUnits")
    units.append(org_unit(CLINICS["w"], f"/ouVillage01/{CLINICS['a']}"))
    kinds(post, "dataSets")[0]["organisationUnits"].append({"id": CLINICS["w"]})
    register = post.world.answers
    assert isinstance(register, Register)
    post.world.answers = replace(register, paths=Tree(units).paths)
    members = [{"id": CLINICS[letter]} for letter in "abw"]
    kinds(post, "organisationUnitGroups").append(
        {"id": "ogFacility1", "name": "Facilities", "organisationUnits": members}
    )
    del post.sections["org_units"]["level"]
    post.configure(org_units={"groups": ["ogFacility1"]})


@GENERATIONS
def test_a_site_above_another_that_is_filled_is_held_and_the_lower_one_written(
    tmp_path: Path, generation: str
) -> None:
    with village(tmp_path, generation) as post:
        ward_below_a(post)
        tracker(post, COUNTS + "    202609 | w      | cases | 4\n")

        findings = checked(post)
        night = post.night()

        assert one(findings, "counted-twice").where == CLINICS["a"]
        assert in_words(planned(night.work), "action", "reason_id") == [
            ("202609", "a", "boys", "hold", "counted_twice"),
            ("202609", "a", "cases", "hold", "counted_twice"),
            ("202609", "a", "girls", "hold", "counted_twice"),
            ("202609", "b", "cases", "create", "new"),
            ("202609", "w", "cases", "create", "new"),
        ]
        assert form(post) == [("202609", "b", "cases", "7"), ("202609", "w", "cases", "4")]


@GENERATIONS
def test_a_site_whose_level_is_not_that_of_its_path_is_held(
    tmp_path: Path, generation: str
) -> None:
    with village(tmp_path, generation) as post:
        tracker(post, COUNTS)
        kinds(post, "organisationUnits")[0]["level"] = 3
        kinds(post, "organisationUnits")[1]["level"] = 1
        members = [{"id": CLINICS[letter]} for letter in "ab"]
        kinds(post, "organisationUnitGroups").append(
            {"id": "ogFacility1", "name": "Facilities", "organisationUnits": members}
        )
        del post.sections["org_units"]["level"]
        post.configure(org_units={"groups": ["ogFacility1"]})

        findings = checked(post)
        night = post.night()

        assert f"{CLINICS['a']} level 1, path of 2" in one(findings, "source-levels").where
        told = {line[1]: line[-1] for line in in_words(planned(night.work), "reason_id")}
        assert told == {"a": "level_not_of_path", "b": "new"}
        assert form(post) == [("202609", "b", "cases", "7")]


def another_country() -> World:
    """A target where the id of clinic a is another site, below another parent."""
    objects = metadata()
    units = objects["organisationUnits"]
    units[1] |= org_unit(CLINICS["a"], "/ouVillage01/ouDistrict9") | {"name": "Market post"}
    units.append(org_unit("ouDistrict9", "/ouVillage01"))
    rights = frozenset({"F_DATAVALUE_ADD", "F_VIEW_EVENT_ANALYTICS"})
    roots = ("ouVillage01",)
    world = World(
        metadata=objects,
        answers=Register(Tree(units).paths),
        users={"tally": User("tally", "usTally0001", PASSWORD, (), rights, roots, roots)},
        clock=Clock(MORNING),
    )
    build(world)
    return world


@GENERATIONS
def test_one_id_of_two_sites_is_held_until_somebody_writes_down_where_it_goes(
    tmp_path: Path, generation: str
) -> None:
    with (
        village(tmp_path, generation) as post,
        running(another_country(), generation) as there,
        Client(Connection(there.url, Credentials("tally", PASSWORD))) as target,
    ):
        tracker(post, COUNTS)
        post.configure(target={"url": there.url})

        findings = checked(post, target=there)
        first = plan_between(post, target)
        post.move({CLINICS["a"]: CLINICS["a"]})
        second = plan_between(post, target)
        listed = checked(post, target=there)

    assert one(findings, "another-site").where == f"{CLINICS['a']} is Market post there"
    assert first == {"a": "another_site", "b": "new"}
    assert second == {"a": "new", "b": "new"}
    assert "another-site" not in ids(listed)


def plan_between(post: Post, target: Client) -> dict[str, str]:
    """Plan a run from the post's server into another one: the reason at each clinic."""
    work = post.begin()
    extract(work, post.client, target, Silence())
    transform(work)
    plan(work, post.client, target, now(), {})
    return {line[1]: line[-1] for line in in_words(planned(work), "reason_id")}
