"""Every exception to a rule carries its reason on its line."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
MARK = re.compile(r"#\s*(noqa|type:\s*ignore|pragma|nosec|fmt:\s*off|isort:)", re.IGNORECASE)
WITH_REASON = re.compile(
    r"# (noqa: [A-Z]+\d+(, [A-Z]+\d+)*|type: ignore\[[\w, -]+\])(  # | - )\S.+$"
)
FILES = sorted(
    path
    for folder in ("pipeline", "sandbox", "schemas", "sql", "tests")
    for path in (ROOT / folder).rglob("*.py")
    if path != Path(__file__)
)


def test_an_exception_in_the_code_says_why() -> None:
    bare = [
        f"{path.relative_to(ROOT)}:{number}: {line.strip()}"
        for path in FILES
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)
        if MARK.search(line) and not WITH_REASON.search(line)
    ]

    assert bare == []


def test_an_exception_in_the_configuration_says_why() -> None:
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    ruff = text.partition("[tool.ruff.lint]")[2].partition("[tool.ruff.lint.flake8")[0]
    codes = [line for line in ruff.splitlines() if re.match(r'\s+"[A-Z]+\d*",', line)]

    assert len(codes) > 10
    assert [line for line in codes if not re.search(r",\s+# \S+", line)] == []


def test_no_module_has_more_than_three_hundred_lines() -> None:
    long = [
        str(path.relative_to(ROOT))
        for path in FILES
        if not path.is_relative_to(ROOT / "tests")
        and len(path.read_text(encoding="utf-8").splitlines()) > 300
    ]

    assert long == []
