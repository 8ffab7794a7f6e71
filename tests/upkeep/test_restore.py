"""A store that is lost or damaged comes back from a publication, and the next night is right."""

from collections.abc import Iterator
from functools import cache
from pathlib import Path

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from pipeline.cells.packing import unpack
from pipeline.cli.steps import publish_step
from pipeline.run.session import working
from pipeline.store.transfer import Store
from pipeline.text.errors import RefusedError, UsageError
from pipeline.upkeep.restore import Restored, restore_store
from tests.support.deployments import NAME, Post, Scene, now, replayed
from tests.support.village import form, lines, tracker, typed, village

FIRST = """
    month  | clinic | what  | number
    202609 | a      | cases | 5
    202609 | b      | girls | 2
    202610 | a      | cases | 6
"""
LATER = """
    month  | clinic | what  | number
    202609 | a      | cases | 8
    202610 | a      | cases | 6
    202610 | b      | boys  | 3
"""


@cache
def two_nights(generation: str, room: Path) -> Scene:
    """Let two nights pass, of which only the first was published; a clerk typed between them."""
    with village(room / generation, generation) as opened:
        opened.configure(source={"url": ""}, target={"url": ""})
        tracker(opened, FIRST)
        publish_step(opened.night().work)
        typed(opened, "month | clinic | what | number\n202610 | c | cases | 1")
        tracker(opened, LATER)
        opened.night()
        return Scene(generation, opened.deployment.root, opened.world)


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("room")


@pytest.fixture
def post(request: pytest.FixtureRequest, room: Path, tmp_path: Path) -> Iterator[Post]:
    """Give what two nights left, for one test."""
    scene = two_nights(getattr(request, "param", "2.43"), room)
    with replayed(scene, tmp_path / "tally") as opened:
        yield opened


def store_of(post: Post) -> Store:
    return Store(post.deployment.store(NAME))


def ledger(post: Post) -> pl.DataFrame:
    store = store_of(post)
    entries = store.ledger(post.world.system_id).select("cell", "value")
    return unpack(entries, store.dictionaries()).sort(pl.all())


def restored(post: Post, run_id: str | None = None) -> Restored:
    return restore_store(post.deployment, NAME, run_id, now())


@pytest.mark.parametrize("post", ["2.42", "2.43"], indirect=True)
def test_what_a_later_run_loaded_is_read_back_and_ours_again(post: Post) -> None:
    before, stood, sent = ledger(post), form(post), post.posts
    store_of(post).path.unlink()

    told = restored(post)
    night = post.night()

    assert (told.set_aside, told.reopened) == (None, 1)
    assert_frame_equal(ledger(post), before)
    assert night.actions == {"keep": len(lines(LATER)), "foreign": 1}
    assert form(post) == stood
    assert post.posts == sent
    assert store_of(post).check() == []


def test_a_damaged_store_is_told_and_kept_aside(post: Post) -> None:
    path = store_of(post).path
    broken = bytearray(path.read_bytes())
    broken[:4096] = bytes(4096)
    path.write_bytes(broken)

    with pytest.raises(RefusedError, match="cannot be read") as letter:
        post.night()
    told = restored(post)

    assert "tally restore" in str(letter.value)
    assert told.set_aside is not None
    assert told.set_aside.read_bytes() == bytes(broken)
    assert set(post.night().actions) == {"keep", "foreign"}


def test_a_flipped_byte_is_found_or_changes_nothing(post: Post) -> None:
    path = store_of(post).path
    whole, before = path.read_bytes(), ledger(post)
    found = 0
    for place in range(5, len(whole), len(whole) // 24):
        path.write_bytes(whole[:place] + bytes([whole[place] ^ 0x40]) + whole[place + 1 :])
        try:
            assert_frame_equal(ledger(post), before)
        except RefusedError:
            found += 1
        path.write_bytes(whole)
    assert found


def test_a_store_that_is_gone_is_never_taken_for_a_first_night(post: Post) -> None:
    store_of(post).path.unlink()
    runs = sorted(post.deployment.runs(NAME).iterdir())

    with (
        pytest.raises(RefusedError, match="is gone") as letter,
        working(post.deployment, NAME, begin=True),
    ):
        pass

    assert "tally restore" in str(letter.value)
    assert sorted(post.deployment.runs(NAME).iterdir()) == runs


def test_a_publication_that_was_changed_is_not_believed(post: Post) -> None:
    latest = post.deployment.published(NAME) / "latest.duckdb"
    file = latest.resolve()
    file.chmod(0o644)
    file.write_bytes(file.read_bytes()[:-1] + b"x")

    with pytest.raises(RefusedError, match="changed after it was published"):
        restored(post)

    assert store_of(post).path.exists()


def test_only_what_was_published_can_be_restored(post: Post) -> None:
    with pytest.raises(UsageError, match="no publication of run 20990101T000000Z"):
        restored(post, "20990101T000000Z")


def test_without_a_publication_there_is_nothing_to_restore(tmp_path: Path) -> None:
    with village(tmp_path) as post, pytest.raises(UsageError, match="nothing was published"):
        restored(post)
