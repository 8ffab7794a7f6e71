"""docs/tables.md names each mistake of a table that the readers can tell, in their words."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipeline.compare.rules.manual.reasons import MANUAL_RULES
from pipeline.text.rule import Rule
from schemas.uids import NO_UID

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "tables.md").read_text(encoding="utf-8")
MODULES = [
    *sorted((ROOT / "pipeline" / "tables").glob("*.py")),
    ROOT / "pipeline" / "compare" / "rules" / "links.py",
]
TELLING = re.compile(r"\w+Error|Undecodable|LineMistake|doubled|_mistakes_of_several")
SPEAKERS = re.compile(r"_faults|_insist_on_header|sentence_of|_misplaced")
NAMED = re.compile(r"_?(sentence|sentences|what|_SENTENCES|complaints)")
GAP = "…"


def texts(node: ast.AST) -> Iterator[str]:
    """Give the texts of an expression; what is put into them is a gap."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.JoinedStr):
        yield "".join(
            str(part.value) if isinstance(part, ast.Constant) else GAP for part in node.values
        )
    elif isinstance(node, ast.BinOp | ast.IfExp | ast.Tuple | ast.List | ast.Starred):
        for part in ast.iter_child_nodes(node):
            yield from texts(part)
    elif isinstance(node, ast.GeneratorExp | ast.ListComp):
        yield from texts(node.elt)
    elif isinstance(node, ast.Call):
        for part in [*node.args, node.func]:
            yield from texts(part.value if isinstance(part, ast.Attribute) else part)
    elif isinstance(node, ast.Dict):
        for value in node.values:
            yield from texts(value)


def told(tree: ast.Module) -> Iterator[str]:
    """Give each text that a module tells of a mistake."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and TELLING.fullmatch(getattr(node.func, "id", "")):
            for part in node.args:
                yield from texts(part)
        elif isinstance(node, ast.keyword) and node.arg == "sentences":
            yield from texts(node.value)
        elif isinstance(node, ast.Assign | ast.AugAssign):
            target = node.targets[0] if isinstance(node, ast.Assign) else node.target
            if NAMED.fullmatch(getattr(target, "id", "")):
                yield from texts(node.value)
        elif isinstance(node, ast.FunctionDef) and SPEAKERS.fullmatch(node.name):
            for part in ast.walk(node):
                if isinstance(part, ast.Yield | ast.Return | ast.Assign) and part.value:
                    yield from texts(part.value)


def mistakes() -> list[str]:
    """Give the texts of all modules, without the gaps at their ends."""
    found = {NO_UID}
    for path in MODULES:
        found |= {*told(ast.parse(path.read_text(encoding="utf-8")))}
    plain = {re.sub(rf"\{{\w+\}}|{GAP}+", GAP, text).strip(f" {GAP}:;,") for text in found}
    return sorted(text for text in plain if " " in text)


@pytest.mark.parametrize("mistake", mistakes())
def test_the_page_has_what_a_letter_says(mistake: str) -> None:
    assert mistake in PAGE


@pytest.mark.parametrize("rule", MANUAL_RULES, ids=lambda rule: rule.rule_id)
def test_the_page_has_each_finding_of_manual_numbers(rule: Rule) -> None:
    assert f"| {rule.rule_id} | {rule.sentence.partition(';')[0]} |" in PAGE


def test_texts_with_gaps_and_in_functions_are_found() -> None:
    found = mistakes()

    assert "has lines above its header, which seems to be line" in found
    assert "name a data element or a data set, not both" in found
    assert "two sources fill one cell; say how in `rule` (sum, max, min)" in found
