"""What the source said is read back as it was kept, or not at all."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from isal import igzip

from pipeline.run.responses import PROVENANCE, forget_responses, read_responses
from pipeline.run.work import Work
from pipeline.text.errors import FindingsError, UsageError
from tests.support.deployments import Post
from tests.support.village import tracker, village

COUNTS = """
    month  | clinic | what  | number
    202609 | a      | cases | 5
    202609 | b      | boys  | 2
"""


@pytest.fixture
def post(tmp_path: Path) -> Iterator[Post]:
    with village(tmp_path) as opened:
        tracker(opened, COUNTS)
        yield opened


def first_file(work: Work) -> Path:
    return min(work.run.responses.glob("*.gz"))


def test_responses_are_read_in_the_order_they_were_asked(post: Post) -> None:
    work, _ = post.extract()

    everything = list(read_responses(work.run, "joint", "alone", "confirm"))

    assert [one.number for one in everything] == [1, 2, 3]
    assert [one.purpose for one in everything] == ["joint", "joint", "alone"]
    assert [one.number for one in read_responses(work.run, "alone")] == [3]
    assert sum(one.rows.height for one in everything) == 2


def test_a_response_that_somebody_touched_is_not_read(post: Post) -> None:
    work, _ = post.extract()
    path = first_file(work)
    body = igzip.decompress(path.read_bytes())
    damages = [
        igzip.compress(body + b" ", 1, mtime=0),
        path.read_bytes()[:-4],
        b"not packed at all",
        b"",
    ]

    for damage in damages:
        path.write_bytes(damage)
        with pytest.raises(FindingsError, match="missing or damaged") as told:
            list(read_responses(work.run, "joint"))
        assert told.value.where == str(path)
    path.unlink()
    with pytest.raises(FindingsError, match="missing or damaged"):
        list(read_responses(work.run, "joint"))


def test_packed_again_by_somebody_else_it_is_still_what_the_server_said(post: Post) -> None:
    work, _ = post.extract()
    path = first_file(work)
    before = [one.rows.rows() for one in read_responses(work.run, "joint")]
    path.write_bytes(igzip.compress(igzip.decompress(path.read_bytes()), 3))

    assert [one.rows.rows() for one in read_responses(work.run, "joint")] == before


def test_without_an_extract_the_command_that_makes_one_is_named(post: Post) -> None:
    work = post.begin()

    with pytest.raises(UsageError) as told:
        list(read_responses(work.run, "joint"))

    assert "tally extract" in str(told.value)


def test_what_is_forgotten_is_gone_and_forgetting_twice_is_harmless(post: Post) -> None:
    work, _ = post.extract()

    forget_responses(work.run)
    forget_responses(work.run)

    assert not list(work.run.responses.glob("*"))
    assert not (work.run.path / PROVENANCE).exists()
