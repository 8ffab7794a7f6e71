"""Every SQL object says what it is, and has a test that is a folder."""

import re
from pathlib import Path
from typing import get_args

import pytest

import sql

CASES = Path(__file__).parent / "sql"
EVERY_OBJECT = [(kind, name) for kind in get_args(sql.ObjectKind) for name in sql.names(kind)]


@pytest.mark.parametrize(("kind", "name"), EVERY_OBJECT)
def test_an_object_begins_with_its_name_and_what_is_true_of_it(
    kind: sql.ObjectKind, name: str
) -> None:
    text = sql.read(kind, name)
    headings = re.findall(r"^-- (\w[\w ]*):  ", text, re.MULTILINE)

    assert text.startswith(f"-- {name}: ")
    assert headings == (["Binds", "Frames"] if kind == "steps" else ["Grain", "Read by", "Nulls"])
    assert text.count(";\n") == 1
    if kind in {"tables", "views", "macros"}:
        made = r"create (or replace )?(table if not exists|view|macro) " + re.escape(name)
        assert re.search(made + r"\b", text)


def test_every_view_macro_and_check_has_a_case() -> None:
    tested = {file.parent.parent.name for file in CASES.glob("*/*/expected.csv")}
    numbers = {"packed.period_of", "packed.form_cell_of", "packed.org_unit_of"}
    numbers |= {"packed.after_run", "packed.run_number", "packed.target_number"}
    numbers |= {"packed.event_number", "packed.event_of", "packed.agreement_of"}

    assert tested == {*sql.names("views"), *sql.names("macros"), *sql.names("checks")} - numbers


def test_every_step_is_taken() -> None:
    pipeline = Path(sql.__file__).parents[1] / "pipeline"
    told = "".join(path.read_text() for path in (pipeline / "store").glob("*.py"))

    assert [step for step in sql.names("steps") if f'"{step}"' not in told] == []


def test_what_other_objects_are_made_of_comes_first() -> None:
    views = list(sql.names("views"))

    assert views[:3] == ["cells.form_cells", "cells.org_units", "cells.periods"]
    assert views[3:] == sorted(views[3:])
