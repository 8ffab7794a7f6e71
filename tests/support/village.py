"""A village small enough to be told in tables: three clinics, four numbers a month, one form."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from string import ascii_lowercase
from typing import NamedTuple

import polars as pl

from pipeline.cells.packing import unpack
from sandbox.country.build import Clock
from sandbox.state.register import Place, Register
from sandbox.state.tables import build
from sandbox.state.tree import Tree
from sandbox.state.world import Json, StoredValue, User, ValueKey, World
from tests.support.deployments import PASSWORD, Post, deployed
from tests.support.frames import frame

MORNING = datetime(2026, 11, 20, 6, tzinfo=UTC)
MONTHS = ("202608", "202609", "202610")
DEFAULT = "cocDefault1"
DATA_SET = "dsMonthly01"
Line = tuple[str, str, str, str]  # month, clinic, what, number


class What(NamedTuple):
    """Something that is counted: the indicator and options, and the cell of the form."""

    indicator: str
    options: str
    element: str
    combo: str


WHATS = {
    "cases": What("piCases0001", "", "deCases0001", DEFAULT),
    "enrolled": What("piEnrolled1", "", "deEnrolled1", DEFAULT),  # a zero means something here
    "boys": What("piBySex0001", "coBoys00001", "deBySex0001", "cocBoys0001"),
    "girls": What("piBySex0001", "coGirls0001", "deBySex0001", "cocGirls001"),
}
# Events that no cell has: of no sex, of both; only the total of the indicator counts them.
UNPLACED = {
    "unsaid": What("piBySex0001", "", "", ""),
    "both": What("piBySex0001", "coBoys00001+coGirls0001", "", ""),
}
CLINICS = {letter: f"ouClinic00{letter}" for letter in ascii_lowercase}
NAMES = {(what.element, what.combo): name for name, what in WHATS.items()}
LETTERS = {clinic: letter for letter, clinic in CLINICS.items()}


def metadata(clinics: str = "abc") -> dict[str, list[Json]]:
    """Give the village's objects in DHIS2's own form; `clinics` are the letters of its clinics."""
    options = [{"id": "coBoys00001"}, {"id": "coGirls0001"}]
    return {
        "organisationUnits": [org_unit("ouVillage01", "")]
        + [org_unit(CLINICS[letter], "/ouVillage01") for letter in clinics],
        "organisationUnitGroups": [],
        "categoryOptions": [*options, {"id": "coDefault01", "name": "default"}],
        "categories": [
            {"id": "caDefault01", "name": "default", "categoryOptions": [{"id": "coDefault01"}]},
            {"id": "caSex000001", "name": "Sex", "categoryOptions": options},
        ],
        "categoryCombos": [
            combo("ccDefault01", "default", "caDefault01"),
            combo("ccSex000001", "Sex", "caSex000001"),
        ],
        "categoryOptionCombos": [
            option_combo(DEFAULT, "default", "ccDefault01", "coDefault01"),
            option_combo("cocBoys0001", "Boys", "ccSex000001", "coBoys00001"),
            option_combo("cocGirls001", "Girls", "ccSex000001", "coGirls0001"),
        ],
        "dataElements": [
            element("deCases0001", "ccDefault01"),
            element("deEnrolled1", "ccDefault01", zero_is_significant=True),
            element("deBySex0001", "ccSex000001"),
        ],
        "dataSets": [data_set(clinics)],
        "programs": [{"id": "prVillage01", "name": "Register", "categoryMappings": []}],
        "programIndicators": [
            indicator("piCases0001"),
            indicator("piEnrolled1"),
            indicator("piBySex0001", "ccSex000001"),
        ],
        "programIndicatorGroups": [],
    }


def org_unit(key: str, above: str) -> Json:
    path = f"{above}/{key}"
    parent = {"parent": {"id": above[1:]}} if above else {}
    opened = {"openingDate": "2005-01-01T00:00:00.000"}
    return {"id": key, "name": key, "path": path, "level": path.count("/"), **opened, **parent}


def combo(key: str, name: str, category: str) -> Json:
    return {"id": key, "name": name, "categories": [{"id": category}]}


def option_combo(key: str, name: str, category_combo: str, option: str) -> Json:
    return {
        "id": key,
        "name": name,
        "categoryCombo": {"id": category_combo},
        "categoryOptions": [{"id": option}],
    }


def element(key: str, category_combo: str, *, zero_is_significant: bool = False) -> Json:
    return {
        "id": key,
        "name": key,
        "domainType": "AGGREGATE",
        "valueType": "INTEGER_ZERO_OR_POSITIVE",
        "aggregationType": "SUM",
        "zeroIsSignificant": zero_is_significant,
        "categoryCombo": {"id": category_combo},
    }


def data_set(clinics: str) -> Json:
    return {
        "id": DATA_SET,
        "name": "Monthly report",
        "periodType": "Monthly",
        "expiryDays": 0.0,
        "openFuturePeriods": 0,
        "dataInputPeriods": [],
        "categoryCombo": {"id": "ccDefault01"},
        "dataSetElements": [
            {"dataElement": {"id": key}, "dataSet": {"id": DATA_SET}}
            for key in ("deCases0001", "deEnrolled1", "deBySex0001")
        ],
        "organisationUnits": [{"id": CLINICS[letter]} for letter in clinics],
    }


def indicator(key: str, category_combo: str = "ccDefault01") -> Json:
    return {
        "id": key,
        "name": key,
        "program": {"id": "prVillage01"},
        "expression": "V{event_count}",
        "aggregationType": "COUNT",
        "analyticsType": "EVENT",
        "decimals": 0,
        "categoryCombo": {"id": category_combo},
        "attributeCombo": {"id": "ccDefault01"},
        "categoryMappingIds": ["cmSex000001"] if category_combo == "ccSex000001" else [],
        "attributeValues": [],
    }


@contextmanager
def village(folder: Path, generation: str = "2.43", clinics: str = "abc") -> Iterator[Post]:
    """Serve the village, where nothing has been counted yet, and configure its transfer."""
    objects = metadata(clinics)
    rights = frozenset({"F_DATAVALUE_ADD", "F_VIEW_EVENT_ANALYTICS"})
    roots = ("ouVillage01",)
    world = World(
        metadata=objects,
        answers=Register(Tree(objects["organisationUnits"]).paths),
        users={"tally": User("tally", "usTally0001", PASSWORD, (), rights, roots, roots)},
        clock=Clock(MORNING),
    )
    build(world)
    with deployed(folder, world, generation, "tally") as post:
        post.map(
            (what.indicator, what.options, what.element, what.combo, "") for what in WHATS.values()
        )
        post.configure(
            source={"program_indicators": ["piCases0001", "piEnrolled1", "piBySex0001"]},
            target={"data_sets": [DATA_SET]},
            periods={"explicit": list(MONTHS)},
            org_units={"level": 2},
        )
        yield post


def lines(table: str) -> list[Line]:
    """Read a table of month, clinic, what and number, sorted."""
    return sorted(frame(table).select("month", "clinic", "what", "number").rows())


def tracker(post: Post, table: str) -> None:
    """Let tracker have counted exactly this, and build the analytics tables."""
    register = post.world.answers
    assert isinstance(register, Register)
    register.counts.clear()
    for month, clinic, name, number in lines(table):
        what = (WHATS | UNPLACED)[name]
        place = Place(month, CLINICS[clinic], tuple(filter(None, what.options.split("+"))))
        register.count(what.indicator, place, float(number))
    build(post.world)


def key_of(month: str, clinic: str, name: str) -> ValueKey:
    what = WHATS[name]
    return ValueKey(what.element, month, CLINICS[clinic], what.combo, DEFAULT)


def typed(post: Post, table: str, comment: str | None = None) -> None:
    """Let a clerk type numbers into the form; `-` empties a cell."""
    now = post.world.clock()
    for month, clinic, name, number in lines(table):
        value = StoredValue(number, "clerk", now, now, comment, deleted=number is None)
        post.world.values[key_of(month, clinic, name)] = value


def form(post: Post, *, of: str = "") -> list[Line]:
    """Give what stands in the form; `of`: only what this user stored."""
    return sorted(
        (key.period, LETTERS[key.org_unit], NAMES[key[0], key[3]], str(value.value))
        for key, value in post.world.values.items()
        if not value.deleted and of in ("", value.stored_by)
    )


def ours(post: Post) -> list[Line]:
    """Give what the ledger says is ours, as `form` gives what stands."""
    store = post.begin().store
    cells = unpack(store.ledger(post.world.system_id), store.dictionaries())
    return in_words(cells.with_columns(pl.col("value").cast(pl.Int64)), "value")


def in_words(cells: pl.DataFrame, *columns: str) -> list[tuple[str, ...]]:
    """Give cells as month, clinic, what and the given columns, sorted."""
    told = [
        (
            cell["period"],
            LETTERS[cell["org_unit"]],
            NAMES[cell["data_element"], cell["category_option_combo"]],
            *(str(cell[column]) for column in columns),
        )
        for cell in cells.iter_rows(named=True)
    ]
    return sorted(told)
