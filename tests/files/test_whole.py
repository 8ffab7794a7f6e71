"""A file is whole or not there, and a disk that refuses it is a letter."""

import os
from pathlib import Path

import pytest

from pipeline.files.whole import (
    on_disk,
    read_json,
    read_json_or_nothing,
    whole_file,
    write_bytes,
    write_json,
)
from pipeline.text.errors import ExitCode, RefusedError, UnavailableError


def test_what_was_written_stands_under_its_name_and_nothing_beside_it(tmp_path: Path) -> None:
    write_bytes(tmp_path / "new" / "page.txt", b"whole")

    (page,) = (tmp_path / "new").iterdir()
    assert (page.name, page.read_bytes()) == ("page.txt", b"whole")
    assert page.stat().st_mode & 0o777 == 0o640


def test_a_file_is_not_there_before_it_is_whole(tmp_path: Path) -> None:
    page = tmp_path / "page.txt"
    page.write_bytes(b"before")

    with whole_file(page) as unfinished:
        unfinished.write_bytes(b"after")
        assert page.read_bytes() == b"before"

    assert page.read_bytes() == b"after"


def test_whoever_stops_on_the_way_leaves_what_was_there(tmp_path: Path) -> None:
    page = tmp_path / "page.txt"
    page.write_bytes(b"before")

    def half_written() -> None:
        with whole_file(page) as unfinished:
            unfinished.write_bytes(b"hal")
            raise KeyError

    with pytest.raises(KeyError):
        half_written()

    assert [one.name for one in tmp_path.iterdir()] == ["page.txt"]
    assert page.read_bytes() == b"before"


@pytest.mark.parametrize(
    ("fault", "what", "remedy"),
    [
        (OSError(28, "No space left on device"), "the disk is full", "make room"),
        (OSError(122, "Disk quota exceeded"), "the disk is full", "make room"),
        (OSError(30, "Read-only file system"), "cannot be written: Read-only", "mend that"),
    ],
)
def test_a_disk_that_refuses_is_a_letter(fault: OSError, what: str, remedy: str) -> None:
    with pytest.raises(UnavailableError, match=what) as told, on_disk(Path("page.txt")):
        raise fault

    assert told.value.exit_code == ExitCode.UNAVAILABLE
    assert told.value.where == "page.txt"
    assert told.value.remedy.startswith(remedy)


def test_a_folder_that_is_a_file_is_a_letter_too(tmp_path: Path) -> None:
    (tmp_path / "folder").touch()

    with pytest.raises(UnavailableError, match="cannot be written"):
        write_bytes(tmp_path / "folder" / "page.txt", b"")


def test_the_same_content_gives_the_same_json(tmp_path: Path) -> None:
    write_json(tmp_path / "one.json", {"b": "é", "a": 1})
    write_json(tmp_path / "two.json", {"a": 1, "b": "é"})

    text = (tmp_path / "one.json").read_bytes()
    assert text == (tmp_path / "two.json").read_bytes() == '{\n  "a": 1,\n  "b": "é"\n}\n'.encode()
    assert read_json(tmp_path / "one.json", "") == {"a": 1, "b": "é"}


@pytest.mark.parametrize("content", [b'{"a": 1', b"", b"\xff"])
def test_json_that_was_changed_by_hand_is_refused_with_a_remedy(
    content: bytes, tmp_path: Path
) -> None:
    (tmp_path / "plan.json").write_bytes(content)

    with pytest.raises(RefusedError, match=r"plan\.json of this run was changed") as told:
        read_json(tmp_path / "plan.json", "plan again")
    assert told.value.remedy == "plan again"


def test_json_that_is_not_there_is_nothing(tmp_path: Path) -> None:
    assert read_json_or_nothing(tmp_path / os.devnull[1:]) is None
