"""Hostile names go the whole way, from the server to whatever people open, and do nothing there."""

import csv
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from string import ascii_lowercase

import openpyxl
import pytest

from pipeline.text.escaping import shortened, spreadsheet_text
from tests.report.parsed import Page
from tests.support.deployments import NAME, Post
from tests.support.hostile import HOSTILE
from tests.support.paper import on_paper, open_paper_form
from tests.support.terminal import Said, run, tally
from tests.support.village import tracker, typed, village

CLINICS = ascii_lowercase[: len(HOSTILE)]
HIDDEN = {"\u202e", "\u2066", "\u2069", "\x00", "\x1b"}


def counted(number: int) -> str:
    """Let every clinic have this many cases."""
    lines = [f"202610 | {clinic} | cases | {number}" for clinic in CLINICS]
    return "\n".join(["month | clinic | what | number", *lines])


@pytest.fixture(scope="module")
def night(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Post, Said]]:
    with village(tmp_path_factory.mktemp("home"), clinics=CLINICS) as post:
        open_paper_form(post)
        objects = post.world.metadata
        sites = (one for one in objects["organisationUnits"] if one["id"].startswith("ouClinic"))
        for site, name in zip(sites, HOSTILE, strict=True):
            site["name"] = name
        for kind in ("dataElements", "dataSets", "programIndicators", "categoryOptionCombos"):
            for at, one in enumerate(objects[kind]):
                one["name"] = HOSTILE[at] if one["name"] != "default" else "default"
        tracker(post, counted(5))
        typed(post, counted(8))
        on_paper(post, counted(7))
        said = run(post)
        assert said.code == 0, said.everything
        yield post, said


@pytest.fixture(scope="module")
def folder(night: tuple[Post, Said]) -> Path:
    (found,) = (path for path in night[0].deployment.runs(NAME).iterdir() if path.is_dir())
    return found


@pytest.mark.parametrize("name", HOSTILE)
def test_the_page_shows_each_name_as_it_was_typed(folder: Path, name: str) -> None:
    page = Page.of((folder / "discrepancies.html").read_text(encoding="utf-8"))

    assert shortened(name) in page.texts
    assert not page.tags & {"script", "img", "iframe"}


def test_the_workbook_holds_them_as_text(folder: Path) -> None:
    book = openpyxl.load_workbook(BytesIO((folder / "discrepancies.xlsx").read_bytes()))
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]

    assert {cell.data_type for cell in cells} <= {"s", "n", "d"}
    assert not [cell for cell in cells if cell.hyperlink]
    assert {cell.value for cell in book["Sites"]["A"]} >= {shortened(one, 250) for one in HOSTILE}


def test_no_field_of_the_csv_begins_a_formula(folder: Path) -> None:
    with (folder / "discrepancies.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))

    assert {row["org_unit_name"] for row in rows} == {spreadsheet_text(name) for name in HOSTILE}
    texts = [row[column] for row in rows for column in row if column.endswith("_name")]
    assert not [text for text in texts if text[:1] in "=@" and text]


@pytest.mark.parametrize("file", ["run.md", "plan.md", "discrepancies.html", "discrepancies.csv"])
def test_nothing_that_hides_or_turns_around_is_in_what_people_open(folder: Path, file: str) -> None:
    assert not HIDDEN & set((folder / file).read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    "words",
    [
        ["report", NAME],
        ["verify", NAME],
        ["show", NAME],
        ["runs", NAME],
        ["conflicts", NAME],
        ["sql", NAME, "select org_unit_name, value from data_values"],
        ["sql", NAME, "select org_unit_name, value from data_values", "--csv"],
    ],
    ids=lambda words: " ".join(words[:1] + words[3:]),
)
def test_no_command_writes_what_hides_or_turns_around_to_the_terminal(
    night: tuple[Post, Said], words: list[str]
) -> None:
    said = tally(night[0], *words)

    assert said.code in {0, 4}, said.everything
    assert said.out
    assert not HIDDEN & set(said.everything)


def test_the_night_itself_writes_nothing_of_the_kind(night: tuple[Post, Said]) -> None:
    assert r"right\[U+202E\]ot tfel" in night[1].out
    assert not HIDDEN & set(night[1].everything)
