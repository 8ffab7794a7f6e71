"""One name means one thing, one fact has one home, and docstrings begin with the thing."""

import ast
import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
PRODUCT = sorted(
    path
    for room in ("pipeline", "sandbox", "schemas", "sql")
    for path in (ROOT / room).rglob("*.py")
)
SAYS_NOTHING = re.compile(r"(Give|Gives|Tell|Tells)\b")
UID_SHAPE = re.compile(r"\[A-Za-z0-9\]\{1[01]\}")


def trees(room: str = "") -> Iterator[tuple[str, ast.Module]]:
    for path in PRODUCT:
        name = str(path.relative_to(ROOT))
        if name.startswith(room):
            yield name, ast.parse(path.read_text(encoding="utf-8"))


def public_names(tree: ast.Module) -> set[str]:
    names = {
        node.name for node in tree.body if isinstance(node, ast.FunctionDef | ast.ClassDef)
    } | {
        name.id
        for node in tree.body
        if isinstance(node, ast.Assign)
        for target in node.targets
        for name in ast.walk(target)
        if isinstance(name, ast.Name)
    }
    return {name for name in names if not name.startswith("_")}


def test_a_docstring_begins_with_the_thing() -> None:
    """But for commands, whose docstring is their help."""
    empty_words = [
        f"{name}:{node.lineno}"
        for name, tree in trees()
        if not name.startswith("pipeline/cli/")
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.ClassDef)
        and SAYS_NOTHING.match(ast.get_docstring(node) or "")
    ]

    assert empty_words == []


def test_a_public_name_of_the_pipeline_stands_in_one_module() -> None:
    """But for a command, which shares its word with its stage."""
    homes = defaultdict(list)
    for name, tree in trees("pipeline"):
        for public in public_names(tree):
            if not name.startswith("pipeline/cli/"):
                homes[public].append(name)

    assert {name: where for name, where in homes.items() if len(where) > 1} == {}


def test_the_shape_of_an_id_is_written_once() -> None:
    writing = [
        str(path.relative_to(ROOT))
        for path in PRODUCT
        if not path.is_relative_to(ROOT / "sandbox")
        and UID_SHAPE.search(path.read_text(encoding="utf-8"))
    ]

    assert writing == ["schemas/uids.py"]


def test_no_module_repeats_its_folder() -> None:
    repeating = [
        str(path.relative_to(ROOT))
        for path in PRODUCT
        if path.stem == path.parent.name or path.stem.startswith(f"{path.parent.name}_")
    ]

    assert repeating == []


def test_no_module_differs_from_its_neighbour_by_an_ending() -> None:
    """As seal and sealing, undo and undoing, late and later would."""
    stems = defaultdict(set)
    for path in PRODUCT:
        stems[path.parent].add(path.stem)
    alike = [
        f"{folder.relative_to(ROOT)}: {one}, {other}"
        for folder, names in stems.items()
        for one in names
        for other in names
        if one != other
        and not one.startswith("__")
        and re.fullmatch(rf"{one.removesuffix('e')}(s|es|e?d|ing|er|ly)", other)
    ]

    assert alike == []
