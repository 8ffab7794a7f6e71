"""A district in which all is set that can go wrong with a load, each in a cell of its own."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from sandbox.country.build import Clock
from sandbox.state.register import Place, Register
from sandbox.state.tables import build
from sandbox.state.tree import Tree
from sandbox.state.world import Json, StoredValue, User, ValueKey, World
from tests.support.deployments import PASSWORD, SOURCES, Post, deployed
from tests.support.village import (
    DEFAULT,
    MORNING,
    combo,
    element,
    indicator,
    metadata,
    option_combo,
)

SITES = {
    "a": "ouClinic00a",
    "b": "ouClinic00b",
    "closed": "ouClinic00c",
    "unassigned": "ouClinic00d",
    "vanishing": "ouClinic00e",
    "elsewhere": "ouClinic00f",
}
ROOT = "ouVillage01"
MONTHS = ("202609", "202610", "202611")
BOYS = "cocBoys0001"
PARTNER, OTHER_PARTNER = "aocPartner1", "aocPartner2"

# data set, what is special about it, its elements; * marks one that means something at zero,
# + one that has boys and girls, = one with an option set
DATA_SETS: dict[str, tuple[Mapping[str, object], str]] = {
    "dsMonthly01": (
        {},
        """
        deZeroNew01 deZeroOver1 deZeroTomb1 deZeroSigni* deBlank0001 deComment01 deTwice0001
        deStale0001 deManual001 deBroken001 deDivided01 deOption001= deLarge0001 deFuture001
        deSite00001 deNoCombo01+ deWrong0001 deSplit0001+
        """,
    ),
    "dsPartners1": ({"categoryCombo": {"id": "ccPartners1"}}, "dePartner01 deNoPartner"),
    "dsLocked001": ({"expiryDays": 30.0}, "deLocked001"),
    "dsApproved1": ({"workflow": {"id": "wfMonthly01"}}, "deApproved1"),
    "dsWindows01": (
        {
            "dataInputPeriods": [
                {"period": {"id": month}, "openingDate": "2026-01-01", "closingDate": closing}
                for month, closing in (("202609", "2026-10-31"), ("202610", "2026-12-31"))
            ]
        },
        "deWindow001",
    ),
    "dsWeekly001": ({"periodType": "Weekly"}, "deWeekly001"),
    "dsTwin00001": ({}, "deTwin00001"),
    "dsTwin00002": ({}, "deTwin00001"),
    "dsDeaf00001": ({}, "deDeaf00001"),
    "dsHalf00001": ({}, "deHalf00001"),
    "dsDoubted01": ({}, "deDoubted01"),
}
NOWHERE = ("deHomeless1",)  # an element of no data set
STRANGERS = ("deUnknown01",)  # an element that the server does not have
SECOND = "piTwice0002"  # counts for the cell of another indicator
Cell = tuple[str, str, str]  # element, site, month


def of(data_element: str) -> str:
    """Name the indicator that counts for an element."""
    return f"pi{data_element[2:]}"


def objects() -> dict[str, list[Json]]:
    """Give the district's objects in DHIS2's own form."""
    told = metadata("abcdef")
    elements = {
        name[:11]: name[11:] for _, names in DATA_SETS.values() for name in names.split()
    } | dict.fromkeys(NOWHERE, "")
    told["dataElements"] = [_element(name, marks) for name, marks in elements.items()]
    told["options"] = [
        {"id": f"opNumber00{code}", "code": code, "optionSet": {"id": "osNumbers01"}}
        for code in "123"
    ]
    told["dataSets"] = [_data_set(name, *rest) for name, rest in DATA_SETS.items()]
    told["programIndicators"] = [
        indicator(name) | ({"decimals": None} if name == "piLarge0001" else {})
        for name in (*map(of, (*elements, *STRANGERS)), SECOND)
        if name != "piSplit0001"
    ] + [indicator("piSplit0001", "ccSex000001")]
    partners = [{"id": "coPartner01"}, {"id": "coPartner02"}]
    told["categoryOptions"] += partners
    told["categories"].append({"id": "caPartners1", "name": "Partner", "categoryOptions": partners})
    told["categoryCombos"].append(combo("ccPartners1", "Partner", "caPartners1"))
    told["categoryOptionCombos"] += [
        option_combo(PARTNER, "Partner 1", "ccPartners1", "coPartner01"),
        option_combo(OTHER_PARTNER, "Partner 2", "ccPartners1", "coPartner02"),
    ]
    shut = next(unit for unit in told["organisationUnits"] if unit["id"] == SITES["closed"])
    shut["closedDate"] = "2026-09-30T00:00:00.000"
    return told


def _element(name: str, marks: str) -> Json:
    told = element(
        name, "ccSex000001" if "+" in marks else "ccDefault01", zero_is_significant="*" in marks
    )
    return told | ({"optionSet": {"id": "osNumbers01"}} if "=" in marks else {})


def _data_set(name: str, special: Mapping[str, object], elements: str) -> Json:
    assigned = [unit for site, unit in SITES.items() if site != "unassigned"]
    return {
        "id": name,
        "name": name,
        "periodType": "Monthly",
        "expiryDays": 0.0,
        "openFuturePeriods": 0,
        "dataInputPeriods": [],
        "categoryCombo": {"id": "ccDefault01"},
        "dataSetElements": [
            {"dataElement": {"id": one[:11]}, "dataSet": {"id": name}} for one in elements.split()
        ],
        "organisationUnits": [{"id": unit} for unit in assigned],
        **special,
    }


def mapping() -> Iterable[Sequence[str]]:
    """Give the mapping: each indicator fills its element, some of them wrongly."""
    elements = [one["id"] for one in objects()["dataElements"]]
    combos = {"deWrong0001": BOYS, "deSplit0001": BOYS}
    attributes = {"dePartner01": PARTNER}
    sets = {"deTwin00001": "dsTwin00002"}
    for name in (*elements, *STRANGERS):
        options = "coBoys00001" if name == "deSplit0001" else ""
        rule = "sum" if name == "deTwice0001" else ""
        yield (
            *(of(name), options, name, combos.get(name, ""), attributes.get(name, "")),
            *(rule, sets.get(name, "")),
        )
    yield SECOND, "", "deTwice0001", "", "", "sum", ""


@contextmanager
def crooked(folder: Path, generation: str) -> Iterator[Post]:
    """Serve the district, and configure its transfer."""
    told = objects()
    rights = frozenset({"F_DATAVALUE_ADD", "F_VIEW_EVENT_ANALYTICS"})
    world = World(
        metadata=told,
        answers=Register(Tree(told["organisationUnits"]).paths),
        users={"tally": User("tally", "usTally0001", PASSWORD, (), rights, (ROOT,), (ROOT,))},
        clock=Clock(MORNING),
    )
    world.approvals.add(("dsApproved1", "202609", SITES["b"], DEFAULT))
    world.lock_exceptions.add(("dsLocked001", "202609", SITES["b"]))
    build(world)
    with deployed(folder, world, generation, "tally") as post:
        post.map(mapping(), (*SOURCES, "rule", "data_set"))
        post.move(
            {unit: "ouNobody001" if site == "elsewhere" else unit for site, unit in SITES.items()}
        )
        post.configure(
            source={"program_indicators": [one["id"] for one in told["programIndicators"]]},
            target={"data_sets": list(DATA_SETS)},
            periods={"explicit": list(MONTHS)},
            org_units={"level": 2, "assigned_only": False},
            rejects={"max_share": 0.5},
            guards={"max_retraction_share": 1, "max_site_retraction_share": 1},
        )
        yield post


def count(post: Post, numbers: Mapping[Cell, float]) -> None:
    """Let tracker have counted exactly this, and build the analytics tables."""
    register = post.world.answers
    assert isinstance(register, Register)
    register.counts.clear()
    for (name, site, month), number in numbers.items():
        options = ("coBoys00001",) if name == "deSplit0001" else ()
        register.count(of(name), Place(month, SITES[site], options), number)
        if name == "deTwice0001":
            register.count(SECOND, Place(month, SITES[site], ()), 1)
    build(post.world)


def key_of(name: str, site: str, month: str) -> ValueKey:
    """Name a cell by its five parts, as a correct mapping would fill it."""
    return ValueKey(
        *(name, month, SITES[site]),
        BOYS if name == "deSplit0001" else DEFAULT,
        PARTNER if name == "dePartner01" else DEFAULT,
    )


def store(post: Post, cell: Cell, value: str | None, comment: str | None = None) -> None:
    """Let a clerk type into the form; None leaves a deleted row behind."""
    now = post.world.clock()
    told = StoredValue(value, "clerk", now, now, comment, deleted=value is None)
    post.world.values[key_of(*cell)] = told
