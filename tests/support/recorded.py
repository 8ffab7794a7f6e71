"""The recorded world as a transfer: its mapping in either style, and the truth about it."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import Any

from sandbox.state.recorded import load_recorded_world, read_json
from tests.support.deployments import Post, deployed

FOLDER = Path(__file__).parents[1] / "recordings" / "world"
DEFAULT_COMBO = "HllvX50cXC0"
PLAIN, SPLIT = "one indicator per option combo", "disaggregated indicators"
SPLIT_TARGETS = {"PI_DIS_NOEXPORT": "TGT_DOSES"}  # the others name their target themselves
SECOND_SOURCES = {"PI_NEVER"}  # fills a cell that another indicator fills
Cell = tuple[str, str, str, str]  # codes of element and option combo, org unit, period


@cache
def metadata() -> dict[str, Any]:
    return dict(read_json(FOLDER / "metadata.json.gz"))


@cache
def ids(kind: str) -> dict[str, str]:
    """Give the ids of a kind of objects by their codes, and by themselves."""
    listed = metadata()[kind]
    return {one["id"]: one["id"] for one in listed} | {
        one["code"]: one["id"] for one in listed if "code" in one
    }


@cache
def codes(kind: str) -> dict[str, str]:
    return {one["id"]: one["code"] for one in metadata()[kind] if "code" in one}


def is_split(indicator: dict[str, Any]) -> bool:
    return bool(indicator.get("categoryMappingIds"))


def plain_row(indicator: dict[str, Any]) -> Iterator[tuple[str, ...]]:
    for named in indicator["attributeValues"]:
        element = ids("dataElements").get(named["value"])
        combo = indicator.get("aggregateExportCategoryOptionCombo", "")
        if element:
            yield indicator["id"], "", element, ids("categoryOptionCombos").get(combo, ""), ""


def split_rows(indicator: dict[str, Any]) -> Iterator[tuple[str, ...]]:
    target = indicator.get("aggregateExportDataElement") or SPLIT_TARGETS[indicator["code"]]
    for combo in metadata()["categoryOptionCombos"]:
        if combo["categoryCombo"]["id"] == indicator["categoryCombo"]["id"]:
            options = "+".join(sorted(option["id"] for option in combo["categoryOptions"]))
            yield indicator["id"], options, ids("dataElements")[target], combo["id"], ""


def mapping(style: str) -> list[tuple[str, ...]]:
    """Map every target once; in the split style the plain ones fill what no split one does."""
    listed = [one for one in metadata()["programIndicators"] if one["code"] not in SECOND_SOURCES]
    plain = [row for one in listed if not is_split(one) for row in plain_row(one)]
    if style == PLAIN:
        return plain
    split = [row for one in listed if is_split(one) for row in split_rows(one)]
    filled = {row[2] for row in split}
    return split + [row for row in plain if row[2] not in filled]


def truth() -> dict[Cell, float]:
    """Give what each target cell must hold, counted from the events."""
    return {
        (cell["target"], cell["coc"], cell["ou"], cell["pe"]): float(cell["value"])
        for cell in read_json(FOLDER / "truth.json.gz")
    }


def told(recording: str, target: str) -> dict[Cell, float]:
    """Give what a recorded grid with categories says of sites, as cells of a target."""
    grid = read_json(FOLDER / "analytics" / f"{recording}.json.gz")["body"]
    names = [header["name"] for header in grid["headers"]]
    sites = {unit["id"] for unit in metadata()["organisationUnits"] if unit["level"] == 4}
    categories = [name for name in names if name not in {"dx", "pe", "ou", "value"}]
    rows = [dict(zip(names, row, strict=True)) for row in grid["rows"]]
    return {
        (target, combo_of([row[name] for name in categories]), row["ou"], row["pe"]): float(
            row["value"]
        )
        for row in rows
        if row["ou"] in sites
    }


def combo_of(options: list[str]) -> str:
    """Give the code of the option combo that these options make."""
    return next(
        str(combo["code"])
        for combo in metadata()["categoryOptionCombos"]
        if sorted(option["id"] for option in combo["categoryOptions"]) == sorted(options)
    )


@contextmanager
def recorded(folder: Path, generation: str, style: str) -> Iterator[Post]:
    """Serve the recorded world and configure its transfer; two indicators are asked unmapped."""
    world = load_recorded_world(FOLDER)
    rows = mapping(style)
    unmapped = [ids("programIndicators")[code] for code in ("PI_NOTARGET", "PI_BADTARGET")]
    data_sets = [ids("dataSets")[code] for code in ("DS_TARGET", "DS_SHADOW")]
    with deployed(folder, world, generation, "exchanger") as post:
        post.map(rows)
        post.configure(
            source={
                "program_indicators": [key for key, _ in groupby(sorted(row[0] for row in rows))]
                + unmapped
            },
            target={"data_sets": data_sets},
            periods={"first": "202504", "until": "202610"},
            org_units={"level": 4},
            rejects={"max_share": 0.5},
        )
        yield post
