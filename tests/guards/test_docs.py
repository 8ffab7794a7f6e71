"""What the documents name is there: links, files, headings, contracts, numbers."""

import re
import tomllib
from pathlib import Path

import pytest

from pipeline.plan.rules.policy import ACTIONS, DECISIONS

ROOT = Path(__file__).parents[2]
PAGES = [
    *("README.md", "CONTRIBUTING.md", "data/README.md"),
    *sorted(path.relative_to(ROOT).as_posix() for path in (ROOT / "docs").glob("*.md")),
]
BLOCK = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)
MADE = re.compile(r"(?:`|^)make ([a-z]+)", re.MULTILINE)
OURS = r"(?:pipeline|sandbox|tests|sql|schemas|docs|data/transfers/fever)/[\w./-]*"
CONTRIBUTING = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
FACTS = (ROOT / "docs" / "dhis2.md").read_text(encoding="utf-8")
GLOSSARY = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
LIMITS = re.findall(r"^\| ([\d .]+) \| `([\w/.]+)` \|", FACTS, re.MULTILINE)
CODE = [
    path
    for room in ("pipeline", "sandbox", "schemas", "sql")
    for path in ROOT.glob(f"{room}/**/*.*")
]


def headings(text: str) -> list[str]:
    return re.findall(r"^#+ (.+)$", BLOCK.sub("", text), re.MULTILINE)


def anchor(heading: str) -> str:
    """Make of a heading what GitHub makes of it."""
    return re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-")


def words(text: str) -> list[str]:
    """Words that a glossary explains; a cell of its table may hold two."""
    cells = re.findall(r"^\| ([^|]+?) \| ", text, re.MULTILINE)
    return [word for cell in cells for word in cell.split(", ") if word not in {"word", "---"}]


@pytest.mark.parametrize("page", PAGES)
def test_every_link_leads_somewhere(page: str) -> None:
    lost = []
    for link in re.findall(r"\]\(([^)\s]+)\)", (ROOT / page).read_text(encoding="utf-8")):
        path, _, part = link.partition("#")
        if re.match(r"\w+:", path):
            continue
        aim = (ROOT / page).parent / path if path else ROOT / page
        if not aim.exists() or (part and part not in map(anchor, headings(aim.read_text()))):
            lost.append(link)

    assert lost == []


@pytest.mark.parametrize("page", PAGES)
def test_every_file_that_a_page_names_is_there(page: str) -> None:
    named = re.findall(rf"`({OURS})`", (ROOT / page).read_text(encoding="utf-8"))

    assert [path for path in named if not (ROOT / path).exists()] == []


@pytest.mark.parametrize("page", PAGES)
def test_every_make_target_that_a_page_names_is_there(page: str) -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    typed = MADE.findall((ROOT / page).read_text(encoding="utf-8"))

    assert set(typed) <= {*re.findall(r"^([a-z]+):.*## ", makefile, re.MULTILINE)}


def test_where_code_points_to_the_facts_there_is_such_a_heading() -> None:
    pointing = [
        found
        for path in CODE
        if path.suffix in {".py", ".sql"}
        for found in re.findall(
            r"docs/dhis2\.md, (.{60})", re.sub(r"\s+(-- )?", " ", path.read_text() + " " * 60)
        )
    ]

    assert pointing
    assert [one for one in pointing if not one.startswith(tuple(headings(FACTS)))] == []


def test_code_points_to_no_document_outside() -> None:
    outside = re.compile(r"\b(contract|design|style|operations)(\.md)?,? §")

    assert [
        str(path)
        for path in CODE
        if path.suffix in {".py", ".sql"} and outside.search(path.read_text(encoding="utf-8"))
    ] == []


@pytest.mark.parametrize(("number", "path"), LIMITS)
def test_a_limit_stands_in_the_file_that_is_named(number: str, path: str) -> None:
    code = (ROOT / path).read_text(encoding="utf-8").replace("_", "")

    assert re.search(rf"(?<![\w.]){re.escape(number.replace(' ', ''))}(?![\w.])", code)


def test_there_are_limits() -> None:
    assert len(LIMITS) > 20


def test_a_word_is_explained_once() -> None:
    explained = words(GLOSSARY)

    assert len(explained) > 90
    assert sorted({word for word in explained if explained.count(word) > 1}) == []


def test_every_action_and_decision_is_explained() -> None:
    assert set(ACTIONS) <= set(words(GLOSSARY))
    assert [word for word in DECISIONS if f"`{word}`" not in GLOSSARY] == []


def test_the_contracts_are_told() -> None:
    told = CONTRIBUTING.partition("## What import-linter holds")[2].partition("\n## ")[0]
    contracts = [one["name"] for one in PROJECT["tool"]["importlinter"]["contracts"]]
    bold = re.findall(r"\*\*([^*]+)\*\*", told)

    assert [name for name in contracts if not name.startswith(tuple(bold))] == []
    assert len(bold) == len(contracts)


def test_the_floors_are_told_from_above() -> None:
    (floors,) = (
        one["layers"]
        for one in PROJECT["tool"]["importlinter"]["contracts"]
        if one["type"] == "layers" and one["containers"] == ["pipeline"]
    )
    told = CONTRIBUTING.partition("**Imports go down the floors**: ")[2].partition(". ")[0]
    named = [re.findall(r"\w+", floor) for floor in told.split("→")]
    stages = next(floor for floor in floors if "verify" in floor)

    assert [
        ["the", "stages"] if one == stages else re.findall(r"\w+", one) for one in floors
    ] == named
    assert [
        one for one in re.findall(r"\w+", stages) if f"`pipeline/{one}/`" not in CONTRIBUTING
    ] == []
