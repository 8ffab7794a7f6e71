"""Overviews of invented cells: a small country, a large one, and one with hostile names."""

import random
from collections.abc import Sequence
from datetime import UTC, datetime

import polars as pl
from pandera.typing.polars import DataFrame

from pipeline.cells.key import KEY
from pipeline.compare.rules.discrepancies import Tolerance, compare
from pipeline.compare.rules.names import CellNames, with_names
from pipeline.compare.rules.overview import Overview, Provenance, overview
from schemas.comparison import ManualFindings
from schemas.frames import empty as empty_frame
from schemas.frames import trusted
from schemas.values import Values
from tests.support.frames import frame
from tests.support.hostile import HOSTILE

DISTRICTS = ("Amblé", "Brisso", "Corvandel", "Danu", "Estrelle-sur-Lo")
ELEMENTS = ("Fever cases", "Fever tested", "Fever treated")
MONTHS = tuple(f"{year}{month:02}" for year in (2025, 2026) for month in range(1, 13))
COMBOS = {
    "combo000000": "default",
    "combo000001": "under 5 years",
    "combo000002": "5 years and over",
}
TOLERANCE = Tolerance(absolute=2)


def provenance(**changed: object) -> Provenance:
    """Say where invented numbers come from."""
    told = {
        "transfer": "fever",
        "run_id": "20261124T021000Z-7f3a",
        "run_started_at": datetime(2026, 11, 24, 2, 10, tzinfo=UTC),
        "analytics_built": "2026-11-24T01:02:03.000",
        "manual_source": "data set Monthly paper report",
        "manual_read_at": datetime(2026, 11, 24, 2, 12, tzinfo=UTC),
        "tally_version": "0.1.0",
        "tolerance": TOLERANCE.in_words(),
    }
    return Provenance(**{**told, **changed})


def invented(
    sites: int = 60,
    months: Sequence[str] = MONTHS[10:22],
    *,
    districts: Sequence[str] = DISTRICTS,
    elements: Sequence[str] = ELEMENTS,
    site_names: Sequence[str] = (),
    findings: int = 3,
    observed: Sequence[str] = ("12,5 or so",),
    seed: int = 1,
) -> Overview:
    """Invent a country in which a district is far off and some sites are silent."""
    chance = random.Random(seed)
    keys, tracker, manual = [], [], []
    for site in range(sites):
        off = chance.choice((0, 0, 0, 1, 2)) + (6 if site % len(districts) == 2 else 0)
        for at in range(len(elements)):
            for month in months:
                counted = chance.randrange(0, 90)
                typed = counted + (chance.randint(-off, off // 2) if chance.random() < 0.6 else 0)
                silent = chance.random()
                keys.append(
                    (f"element{at:04}", month, f"site{site:07}", chance.choice(tuple(COMBOS)))
                )
                tracker.append(None if silent < 0.03 else counted)
                manual.append(None if silent > 0.94 else max(typed, 0))
    cells = pl.DataFrame(keys, schema=dict.fromkeys(KEY[:4], pl.String), orient="row").with_columns(
        pl.lit("combo000000").alias(KEY[4]),
        tracker=pl.Series(tracker, dtype=pl.Float64),
        manual=pl.Series(manual, dtype=pl.Float64),
    )
    return _summed(
        cells, _names(sites, districts, elements, site_names), _findings(findings, observed)
    )


def _summed(cells: pl.DataFrame, names: CellNames, findings: DataFrame[ManualFindings]) -> Overview:
    compared = compare(_side(cells, "tracker"), _side(cells, "manual"), TOLERANCE)
    return overview(with_names(compared, names, district_level=2), findings, provenance())


def from_cells(table: str) -> Overview:
    """Sum up cells written as site, month, element, tracker, manual; `-` is a silent side.

    Each site lies in a district of its own.
    """
    rows = frame(table, tracker=pl.Float64, manual=pl.Float64)
    sites = rows["site"].unique(maintain_order=True).to_list()
    elements = rows["element"].unique(maintain_order=True).to_list()
    cells = rows.select(
        pl.format("element{}", _numbers(elements, "element")).alias(KEY[0]),
        pl.col("month").alias(KEY[1]),
        pl.format("site{}", _numbers(sites, "site")).alias(KEY[2]),
        pl.lit("combo000000").alias(KEY[3]),
        pl.lit("combo000000").alias(KEY[4]),
        "tracker",
        "manual",
    )
    return _summed(cells, _names(len(sites), DISTRICTS, elements, sites), _findings(0))


def _numbers(names: list[str], column: str) -> pl.Expr:
    places = {name: f"{at:07}" if column == "site" else f"{at:04}" for at, name in enumerate(names)}
    return pl.col(column).replace_strict(places, return_dtype=pl.String)


def empty() -> Overview:
    """Give an overview to which neither side said anything."""
    return invented(sites=0, findings=0)


def _side(cells: pl.DataFrame, side: str) -> DataFrame[Values]:
    return trusted(cells.select(*KEY, value=side).drop_nulls("value"), Values)


def _names(
    sites: int,
    districts: Sequence[str],
    elements: Sequence[str],
    site_names: Sequence[str],
) -> CellNames:
    units = [("country", "Ondara", "/country")]
    units += [
        (f"district{at:03}", name, f"/country/district{at:03}") for at, name in enumerate(districts)
    ]
    for site in range(sites):
        name = site_names[site] if site < len(site_names) else f"Health Centre {site}"
        district = f"district{site % len(districts):03}"
        units.append((f"site{site:07}", name, f"/country/{district}/site{site:07}"))
    return CellNames(
        data_elements=pl.DataFrame(
            [(f"element{at:04}", name) for at, name in enumerate(elements)],
            schema=["id", "name"],
            orient="row",
        ),
        category_option_combos=pl.DataFrame(
            list(COMBOS.items()), schema=["id", "name"], orient="row"
        ),
        org_units=pl.DataFrame(units, schema=["id", "name", "path"], orient="row"),
    )


def _findings(many: int, observed: Sequence[str] = ("12,5 or so",)) -> DataFrame[ManualFindings]:
    rows = [
        (
            "MANUAL-NUMBER",
            "this is no number",
            "file manual.csv",
            at + 4,
            observed[at % len(observed)],
        )
        for at in range(many)
    ]
    shape = empty_frame(ManualFindings).schema
    return trusted(pl.DataFrame(rows, schema=shape, orient="row"), ManualFindings)


def hostile() -> Overview:
    """Give an overview in which whatever a person may name has a hostile name."""
    return invented(
        len(HOSTILE),
        MONTHS[10:18],
        districts=HOSTILE[:9],
        elements=(HOSTILE[0], HOSTILE[9], HOSTILE[14]),
        site_names=HOSTILE,
        findings=len(HOSTILE),
        observed=HOSTILE,
    )
