"""What Tally tells people says what to do, in words that are not the workshop's own."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipeline.compare.rules.manual.reasons import MANUAL_RULES
from pipeline.plan.rules import reasons
from pipeline.plan.rules.guards import LOOK_FIRST
from pipeline.text.rule import Rule
from pipeline.transform.rules.reasons import REJECT_RULES

ROOT = Path(__file__).parents[2]
OF_THE_WORKSHOP = re.compile(
    r"\b(packed|gzip|frames?|chunks?|seal(ed)?|journal|snapshot|dictionar\w+|null|boolean)\b",
    re.IGNORECASE,
)
_SENTENCES = [*reasons.SENTENCES]
HOLDS = [
    *(reasons.SOURCE_UNKNOWN, reasons.TARGET_NOT_READ, reasons.MANUAL_SITE),
    *(reasons.SITE_GAP, reasons.SITE_CONTRADICTION),
    *_SENTENCES[_SENTENCES.index(reasons.ELEMENT_NOT_IN_DATA_SET) :],
]
TELLING = re.compile(r"\w*Error|Finding|many|Alarm|Rule|_altered|Complaint|Doubt|say")


def told() -> Iterator[tuple[str, str]]:
    """Give every text of a letter, a finding or a line on the terminal, with its place."""
    for path in sorted((ROOT / "pipeline").rglob("*.py")):
        if "sandbox" in path.parts:
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and TELLING.fullmatch(_name(node.func)):
                for text in _texts(node):
                    yield f"{path.relative_to(ROOT)}:{node.lineno}", text


def _name(called: ast.expr) -> str:
    return str(getattr(called, "id", getattr(called, "attr", "")))


def _texts(call: ast.Call) -> Iterator[str]:
    for part in (*call.args, *(one.value for one in call.keywords if one.arg != "where")):
        for node in ast.walk(part):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                yield node.value


def test_no_letter_finding_or_reason_uses_a_word_of_the_workshop() -> None:
    texts = [*told(), *reasons.SENTENCES.items(), *LOOK_FIRST.items()]
    assert len(texts) > 400  # else they are looked for in the wrong place

    assert [(where, text) for where, text in texts if OF_THE_WORKSHOP.search(text)] == []


@pytest.mark.parametrize("rule", [*REJECT_RULES, *MANUAL_RULES], ids=lambda rule: rule.rule_id)
def test_every_reject_says_what_to_do(rule: Rule) -> None:
    assert "; " in rule.sentence


@pytest.mark.parametrize("hold", HOLDS)
def test_every_hold_says_what_to_do(hold: str) -> None:
    assert "; " in reasons.SENTENCES[hold]
