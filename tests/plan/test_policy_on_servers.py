"""Under every policy, servers of both generations end with the same numbers: those of the table."""

from copy import deepcopy
from pathlib import Path
from shutil import copytree
from string import ascii_lowercase

import pytest

from pipeline.cells.packing import unpack
from sandbox.state.world import StoredValue, World
from tests.support.deployments import Post, deployed
from tests.support.policy_table import WAYS, Line, lines
from tests.support.village import LETTERS, NAMES, WHATS, key_of, tracker, village

HEADER = "month | clinic | what | number"
WHAT_OF_MARK = {"": "cases", "#": "cases", "s": "enrolled", "!": "boys", "/": "girls"}
OPEN = ("202609", "202610")
Place = tuple[str, str, str]  # month, clinic, what
Begun = tuple[Path, World, dict[str, dict[str, object]]]


def place(number: int, mark: str) -> Place:
    """Give each line of the table a cell of its own in the village."""
    month = "202608" if mark == "#" else OPEN[number // 26]
    return month, ascii_lowercase[number % 26], WHAT_OF_MARK[mark]


SHIPPED = lines("merge")
PLACES = [place(number, line.mark) for number, line in enumerate(SHIPPED)]


def numbers(told: list[str | None]) -> str:
    rows = [" | ".join([*at, one]) for at, one in zip(PLACES, told, strict=True) if one]
    return "\n".join([HEADER, *rows])


@pytest.fixture(scope="module", params=["2.42", "2.43"])
def begun(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Begun:
    """Let a first night write what is ours; then people type, tracker counts, rules change."""
    folder = tmp_path_factory.mktemp("first_night")
    with village(folder, request.param, ascii_lowercase) as post:
        tracker(post, numbers([line.ours for line in SHIPPED]))
        assert post.night().loaded.is_whole
        now = post.world.clock()
        for at, line in zip(PLACES, SHIPPED, strict=True):
            if line.target != line.ours:
                value = StoredValue(line.target, "clerk", now, now, deleted=line.target is None)
                post.world.values[key_of(*at)] = value
        tracker(post, numbers([line.tracker for line in SHIPPED]))
        lost, broken = WHATS[WHAT_OF_MARK["/"]], WHATS[WHAT_OF_MARK["!"]]
        post.map(
            (what.indicator, what.options, what.element, what.combo, "")
            for what in WHATS.values()
            if what != lost
        )
        post.world.broken = {broken.indicator: "42703"}
        post.world.metadata["dataSets"][0]["expiryDays"] = 60.0  # August is over, September is not
        shares = dict.fromkeys(["max_retraction_share", "max_site_retraction_share"], 1)
        post.configure(guards={**shares, "min_extract_share": 0, "max_mapping_rows_lost": 9})
        return folder, post.world, post.sections


def ledger(post: Post) -> dict[Place, float]:
    store = post.begin().store
    cells = unpack(store.ledger(post.world.system_id), store.dictionaries())
    return {
        (month, LETTERS[clinic], NAMES[element, combo]): value
        for month, clinic, element, combo, value in cells.select(
            "period", "org_unit", "data_element", "category_option_combo", "value"
        ).iter_rows()
    }


def afterwards(line: Line) -> str | None:
    """Give what must stand after the load."""
    action, _, sent = line.expected.partition(" ")
    if action in ("create", "update", "retract"):
        return None if sent == "gone" else sent
    return line.target


def ours_afterwards(line: Line) -> str | None:
    """Give what the ledger must say after the load."""
    action, _, _ = line.expected.partition(" ")
    if action in ("create", "update", "retract"):
        return afterwards(line)
    if action.endswith("!"):
        return None
    return line.tracker if action == "adopt" else line.ours


@pytest.mark.parametrize("way", sorted(WAYS))
def test_a_policy_ends_in_the_state_that_the_table_says(
    tmp_path: Path, begun: Begun, request: pytest.FixtureRequest, way: str
) -> None:
    folder, world, sections = begun
    generation = request.node.callspec.params["begun"]
    written = lines(way)
    copytree(folder, tmp_path, dirs_exist_ok=True)
    with deployed(tmp_path, deepcopy(world), generation, "tally") as post:
        here = {side: {"url": post.sandbox.url} for side in ("source", "target")}
        for part in (sections, here, WAYS[way].written):
            post.configure(**part)

        night = post.night(retire=WAYS[way].policy.retire)

        stands = {at: post.world.values.get(key_of(*at)) for at in PLACES}
        numbers_now = [None if one is None or one.deleted else one.value for one in stands.values()]
        assert numbers_now == [afterwards(line) for line in written]
        assert night.loaded.is_whole
        kept = ledger(post)
        assert [kept.get(at) for at in PLACES] == [
            None if one is None else float(one) for one in map(ours_afterwards, written)
        ]
