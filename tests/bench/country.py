"""The country that is counted: forms, sites, and what tracker counts on two nights."""

import csv
from math import ceil
from pathlib import Path
from random import Random
from typing import Any, NamedTuple

import polars as pl

Json = dict[str, Any]

MONTHS = tuple(f"2025{month:02d}" for month in (11, 12)) + tuple(
    f"2026{month:02d}" for month in range(1, 11)
)
TODAY = "2026-11-20T06:00:00.000"
COUNTRY, DATA_SET, DEFAULT = "ouCountry01", "dsMonthly01", "cocDefault1"
ELEMENTS, SUMMED = 25, 4
SEXES = ("cocBoys0001", "cocGirls001")
SITES_IN_A_DISTRICT = 50
VALUES_OF_A_SITE = len(MONTHS) * ((ELEMENTS * 2 - SUMMED) * 2 / 3 + SUMMED * 8 / 9)
# Of a thousand rows that tracker has, or does not have, on the first night.
CHANGED, VANISHED, APPEARED = 7, 1, 4
KEY = ("data_element", "period", "org_unit", "category_option_combo")


class Source(NamedTuple):
    """One indicator, and the cell of the form that it fills, alone or with another."""

    indicator: str
    element: str
    combo: str
    rule: str


def sources() -> list[Source]:
    """List the mapping: fifty cells of 25 elements, the first four filled by two indicators."""
    cells = [(f"de{number:09d}", combo) for number in range(ELEMENTS) for combo in SEXES]
    filled = [*cells, *cells[:SUMMED]]
    return [
        Source(f"pi{number:09d}", *cell, "sum" if cell in cells[:SUMMED] else "")
        for number, cell in enumerate(filled)
    ]


def sites(values: int) -> list[tuple[str, str]]:
    """List as many sites as give about so many values: id and district."""
    return [
        (f"ou{number:09d}", f"ouD{number // SITES_IN_A_DISTRICT:08d}")
        for number in range(ceil(values / VALUES_OF_A_SITE))
    ]


def counted(values: int) -> pl.DataFrame:
    """Give what tracker counts: program_indicator, period, org_unit, first, second (night).

    Two rows of three are there on a night. One of a hundred differs on the second: most have
    another number, some vanish, some appear. The same country comes out every time.
    """
    chance = Random(20261120)
    rows = pl.DataFrame({"program_indicator": [one.indicator for one in sources()]}).join(
        pl.DataFrame({"period": MONTHS}).join(
            pl.DataFrame({"org_unit": [site for site, _ in sites(values)]}), how="cross"
        ),
        how="cross",
    )
    told = pl.Series(chance.choices((True, True, False), k=rows.height))
    number = pl.Series(chance.choices(range(1, 60), k=rows.height))
    fate = pl.Series(chance.choices(range(1000), k=rows.height))
    stays = pl.when(fate < CHANGED).then(number + 1).otherwise(number)
    gone = pl.lit(fate).is_between(CHANGED, CHANGED + VANISHED - 1)
    return rows.select(
        "program_indicator",
        "period",
        "org_unit",
        first=pl.when(told).then(number),
        second=pl.when(told & ~gone).then(stays).when(~told & (fate < APPEARED)).then(number),
    )


def counted_on(night: str) -> str:
    """Give the night of which tracker says what it says on this one: on the last nothing is new."""
    return {"same": "second"}.get(night, night)


def expected(rows: pl.DataFrame, night: str) -> pl.DataFrame:
    """Give what the form should hold after a night: KEY and value, sorted."""
    mapping = pl.DataFrame(sources(), schema=["program_indicator", *KEY[:1], KEY[3], "rule"])
    return (
        rows.select("program_indicator", "period", "org_unit", value=counted_on(night))
        .drop_nulls("value")
        .join(mapping, on="program_indicator", how="inner", validate="m:1")
        .group_by(KEY)
        .agg(pl.col("value").sum())
        .sort(KEY)
    )


def write_mapping(path: Path) -> None:
    """Write the mapping as a table that both programs read."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file)
        table.writerow(
            [
                *("program_indicator", "data_element", "category_option_combo"),
                *("attribute_option_combo", "rule"),
            ]
        )
        table.writerows(
            (one.indicator, one.element, one.combo, DEFAULT, one.rule) for one in sources()
        )


def metadata(values: int) -> dict[str, list[Json]]:
    """Give the country's objects in DHIS2's own form."""
    elements = sorted({one.element for one in sources()})
    places = sites(values)
    districts = sorted({district for _, district in places})
    return {
        "organisationUnits": [
            _org_unit("", COUNTRY),
            *(_org_unit(f"/{COUNTRY}", district) for district in districts),
            *(_org_unit(f"/{COUNTRY}/{district}", site) for site, district in places),
        ],
        "categoryCombos": [
            _combo("ccDefault01", "default", {DEFAULT: "coDefault01"}),
            _combo("ccSex000001", "Sex", {SEXES[0]: "coBoys00001", SEXES[1]: "coGirls0001"}),
        ],
        "dataElements": [
            {
                "id": element,
                "name": element,
                "valueType": "INTEGER_ZERO_OR_POSITIVE",
                "aggregationType": "SUM",
                "zeroIsSignificant": False,
                "categoryCombo": {"id": "ccSex000001"},
            }
            for element in elements
        ],
        "dataSets": [
            {
                "id": DATA_SET,
                "name": "Monthly report",
                "periodType": "Monthly",
                "expiryDays": 0,
                "openFuturePeriods": 0,
                "categoryCombo": {"id": "ccDefault01"},
                "access": {"data": {"read": True, "write": True}},
                "dataInputPeriods": [],
                "dataSetElements": [{"dataElement": {"id": element}} for element in elements],
                "organisationUnits": [{"id": site} for site, _ in places],
            }
        ],
        "programIndicators": [
            {
                "id": one.indicator,
                "name": one.indicator,
                "categoryCombo": {"id": "ccDefault01"},
                "attributeCombo": {"id": "ccDefault01"},
                "categoryMappingIds": [],
            }
            for one in sources()
        ],
    }


def _org_unit(above: str, key: str) -> Json:
    path = f"{above}/{key}"
    opened = {"openingDate": "2005-01-01T00:00:00.000"}
    return {"id": key, "name": key, "path": path, "level": path.count("/"), **opened}


def _combo(key: str, name: str, options: dict[str, str]) -> Json:
    return {
        "id": key,
        "name": name,
        "isDefault": name == "default",
        "categories": [
            {"id": f"ca{key[2:]}", "categoryOptions": [{"id": one} for one in options.values()]}
        ],
        "categoryOptionCombos": [
            {"id": combo, "name": combo, "categoryOptions": [{"id": option}]}
            for combo, option in options.items()
        ],
    }
