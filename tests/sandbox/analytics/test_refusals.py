"""A broken indicator is left out of a joint answer, and refused alone."""

import httpx

from sandbox.http.server import Sandbox
from sandbox.state.identifiers import uid
from tests.sandbox.invented import cases


def test_a_broken_indicator_vanishes_from_a_joint_answer_and_is_refused_alone(
    sandbox: Sandbox, client: httpx.Client
) -> None:
    sandbox.world.broken = {uid("PI_TESTS_F"): "42703"}

    joint = cases(client, "PI_TESTS_F", "PI_TESTS_M").json()
    alone = cases(client, "PI_TESTS_F")

    assert {row[0] for row in joint["rows"]} == {uid("PI_TESTS_M")}
    assert uid("PI_TESTS_F") in joint["metaData"]["dimensions"]["dx"]
    assert (alone.status_code, alone.json()["errorCode"]) == (409, "E7145")


def test_one_program_without_its_table_refuses_a_question_about_several(
    sandbox: Sandbox, client: httpx.Client
) -> None:
    indicators = sandbox.world.metadata["programIndicators"]
    lost = next(one for one in indicators if one["id"] == uid("PI_TESTS_F"))
    lost["program"] = {"id": "prLost00001"}
    sandbox.world.lacking_tables = {"prLost00001"}

    joint = cases(client, "PI_TESTS_F", "PI_TESTS_M")
    other = cases(client, "PI_TESTS_M")

    assert (joint.status_code, joint.json()["errorCode"]) == (409, "E7144")
    assert other.status_code == 200
