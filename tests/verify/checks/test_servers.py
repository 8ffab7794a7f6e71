"""What each server is, what time it has, and whether it is ready."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from starlette.responses import Response

from pipeline.dhis2.system import clock_difference
from sandbox.country.build import Clock
from sandbox.http.server import running
from sandbox.state.tables import build
from sandbox.state.world import Json
from schemas.server import SystemInfo
from tests.support.checking import checked, ids, one
from tests.support.deployments import Post
from tests.support.faults import first, instead, lying
from tests.support.village import MORNING, village

GENERATIONS = pytest.mark.parametrize("generation", ["2.42", "2.43"])


def tells(post: Post, **members: object) -> None:
    """Let the server tell something else about itself, from now on."""
    change = lying(lambda told: {**told, **members})
    post.sandbox.faults.append(first(1_000, "/api/system/info", change))


@GENERATIONS
def test_a_healthy_village_is_told_who_it_is_and_nothing_else(
    generation: str, tmp_path: Path
) -> None:
    with village(tmp_path, generation) as post:
        findings = checked(post)

    assert ids(findings) == set()
    assert ids(findings, "note") == {"source-identity", "target-identity", "one-server"}
    assert one(findings, "source-identity").what == f"the source is DHIS2 {generation}." + (
        "4.1" if generation == "2.42" else "0"
    )


def test_a_newer_version_is_a_warning_and_a_forgotten_one_an_error(tmp_path: Path) -> None:
    with village(tmp_path) as post:
        tells(post, version="2.45.0")
        newer = checked(post)
        post.sandbox.faults.clear()
        tells(post, version="2.38.4")
        older = checked(post)

    assert ids(newer) == {"source-version", "target-version"}
    assert ids(older) == {"source-server", "target-server"}
    assert "2.39 and later" in one(older, "source-server").remedy


def test_another_calendar_is_an_error_also_where_the_periods_are_listed(tmp_path: Path) -> None:
    with village(tmp_path) as post:
        post.world.settings["keyCalendar"] = "ethiopian"
        listed = checked(post)
        del post.sections["periods"]["explicit"]
        post.configure(periods={"last": 3})
        counted = checked(post)

    for findings in (listed, counted):
        assert ids(findings) == {"source-calendar", "target-calendar"}
        assert "ethiopian calendar" in one(findings, "source-calendar").what


def test_a_copy_of_the_source_as_target_is_looked_at(tmp_path: Path) -> None:
    with village(tmp_path) as post, running(post.world, "2.43") as copy:
        findings = checked(post, target=copy)

    assert ids(findings) == {"same-system-id"}
    assert copy.url in one(findings, "same-system-id").where


def test_a_target_that_hides_its_id_is_a_warning(tmp_path: Path) -> None:
    with village(tmp_path) as post:
        post.world.tells_system_id = False
        found = checked(post)
        gone = instead(Response("", 404))
        post.sandbox.faults.append(first(1_000, "/api/configuration/systemId", gone))
        hidden = checked(post)

    assert ids(found) == set()
    assert ids(hidden) == {"target-system-id"}


def test_old_analytics_and_analytics_that_were_never_built_are_errors(tmp_path: Path) -> None:
    with village(tmp_path) as post:
        clock = post.world.clock
        assert isinstance(clock, Clock)
        clock.now += timedelta(hours=27)
        old = checked(post)
        post.world.last_analytics_success = None
        never = checked(post)
        build(post.world)
        fresh = checked(post)

    assert "were built 27 hours ago" in one(old, "stale-analytics").what
    assert "were never built" in one(never, "stale-analytics").what
    assert ids(fresh) == set()


def test_a_build_without_the_events_is_told_for_what_it_is(tmp_path: Path) -> None:
    with village(tmp_path) as post:
        clock = post.world.clock
        assert isinstance(clock, Clock)
        clock.now += timedelta(hours=27)
        build(post.world, ["EVENT"])
        feigned = checked(post)
        post.world.table_runs.clear()
        unknown = checked(post)

    assert "left out events or programs, but 27 hours ago" in one(feigned, "stale-analytics").what
    assert "stale-analytics" not in ids(unknown)
    note = one(unknown, "analytics-build-unknown")
    assert note.severity == "note"
    assert "Tally cannot know" in note.what


def test_a_new_server_without_output_period_types_builds_nothing(tmp_path: Path) -> None:
    with village(tmp_path, "2.43") as post:
        post.world.output_period_types = ["Yearly"]
        findings = checked(post)

    assert ids(findings, "error") == {"output-period-types"}
    assert "Monthly" in one(findings, "output-period-types").what


def test_an_answer_that_cannot_be_read_hinders_no_other_check(tmp_path: Path) -> None:
    with village(tmp_path, "2.43") as post:
        page = instead(Response("<html>", 200, media_type="text/html"))
        post.sandbox.faults.append(first(9, "/api/configuration", page))
        clock = post.world.clock() + timedelta(minutes=6)
        findings = checked(post, now=clock)

    assert ids(findings, "error") == {"servers"}
    assert ids(findings, "warning") == {"source-clock", "target-clock"}


@pytest.mark.parametrize(("seconds", "found"), [(300, False), (301, True), (-301, True)])
def test_clocks_may_differ_by_five_minutes(seconds: int, *, found: bool, tmp_path: Path) -> None:
    with village(tmp_path) as post:
        findings = checked(post, now=MORNING + timedelta(seconds=seconds))

    assert ids(findings, "warning") == ({"source-clock", "target-clock"} if found else set())


@pytest.mark.parametrize(
    ("zone", "told", "difference"),
    [
        ("UTC", datetime(2026, 11, 20, 6), 0),  # noqa: DTZ001  # as servers write it
        ("Asia/Kathmandu", datetime(2026, 11, 20, 11, 45), 0),  # noqa: DTZ001  # as above
        ("Asia/Kathmandu", datetime(2026, 11, 20, 6), -5.75 * 3600),  # noqa: DTZ001  # as above
        ("Africa/Lagos", datetime(2026, 11, 20, 7, 2), 120),  # noqa: DTZ001  # as above
        ("", datetime(2026, 11, 20, 11, 46), 60),  # noqa: DTZ001  # as above
        ("Middle/Earth", datetime(2026, 11, 20, 5, 59), -60),  # noqa: DTZ001  # as above
    ],
)
def test_a_clock_is_judged_in_its_own_zone(zone: str, told: datetime, difference: float) -> None:
    info = SystemInfo("2.42.4.1", "iso8601", "system", told, None, zone)

    assert clock_difference(info, datetime(2026, 11, 20, 6, tzinfo=UTC)) == difference


@pytest.mark.parametrize(("version", "found"), [("2.43.0", True), ("2.43.2", False)])
def test_versions_that_turn_input_periods_round_are_a_warning(
    version: str, *, found: bool, tmp_path: Path
) -> None:
    window: Json = {"period": {"id": "202610"}, "openingDate": "2026-11-01T00:00:00.000"}
    with village(tmp_path, "2.43") as post:
        post.world.metadata["dataSets"][0]["dataInputPeriods"] = [window]
        tells(post, version=version)
        findings = checked(post)

    assert ids(findings) == ({"input-periods"} if found else set())
