"""The village reports on paper too: a second form, and what clerks typed into it."""

import csv
from collections.abc import Iterable
from io import StringIO

from sandbox.state.world import StoredValue, ValueKey
from tests.support.deployments import NAME, Post
from tests.support.village import CLINICS, DATA_SET, DEFAULT, WHATS, element, lines

PAPER = "dsPaper0001"
# The twins of the tracker-fed elements; children are a total, tracker tells boys from girls.
TWINS = {
    "deCases0001": ("paCases0001", ""),
    "deEnrolled1": ("paEnrolled1", ""),
    "deBySex0001": ("paChildren1", "total"),
}
COLUMNS = (
    *("manual_data_element", "manual_category_option_combo", "manual_attribute_option_combo"),
    *("data_element", "category_option_combo", "attribute_option_combo"),
)
WRITTEN = {what: TWINS[WHATS[what].element][0] for what in ("cases", "enrolled")} | {
    "children": "paChildren1"
}


def pair(post: Post, rows: Iterable[Iterable[str]] | None = None) -> None:
    """Write mappings/manual.csv: the given rows, or every element with its twin."""
    twins = [(twin, "", "", fed, combo, "") for fed, (twin, combo) in TWINS.items()]
    page = StringIO()
    csv.writer(page, lineterminator="\n").writerows([COLUMNS, *(rows or twins)])
    path = post.deployment.mappings(NAME) / "manual.csv"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(page.getvalue())


def open_paper_form(post: Post, period_type: str = "Monthly") -> None:
    """Give the village a form for paper, and compare tracker with it."""
    objects = post.world.metadata
    objects["dataElements"] += [element(twin, "ccDefault01") for twin, _ in TWINS.values()]
    form = next(one for one in objects["dataSets"] if one["id"] == DATA_SET)
    objects["dataSets"].append(
        {
            **form,
            "id": PAPER,
            "name": "Monthly paper report",
            "periodType": period_type,
            "dataSetElements": [
                {"dataElement": {"id": twin}, "dataSet": {"id": PAPER}}
                for twin, _ in TWINS.values()
            ],
        }
    )
    pair(post)
    post.configure(compare={"data_set": PAPER, "district_level": 1})


def on_paper(post: Post, table: str) -> None:
    """Let clerks have typed this into the paper form: month, clinic, what and number."""
    now = post.world.clock()
    for month, clinic, what, number in lines(table):
        key = ValueKey(WRITTEN[what], month, CLINICS[clinic], DEFAULT, DEFAULT)
        post.world.values[key] = StoredValue(number, "clerk", now, now, None, deleted=False)


def manual_file(post: Post, content: str | bytes, name: str = "manual.csv") -> None:
    """Lay a file of manual numbers into the transfer's folder, and compare tracker with it."""
    path = post.deployment.transfer_folder(NAME) / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    pair(post)
    post.configure(compare={"file": name, "district_level": 1})
