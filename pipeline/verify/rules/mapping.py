"""Find whether the mapping fits what is asked, and where its org units go."""

from collections.abc import Iterator, Mapping

import polars as pl
from pandera.typing.polars import DataFrame

from pipeline.transform.rules.org_units import not_merged
from pipeline.verify.rules.findings import Finding, labels, many, names_of
from schemas.mapping import OrgUnitMapping


def mapping_findings(
    mapping: pl.DataFrame, asked: Mapping[str, frozenset[str]], names: Mapping[str, str]
) -> Iterator[Finding]:
    """Compare the mapping with the indicators asked.

    `mapping`: program_indicator, category_options. `asked`: per indicator the joint option sets
    (`a+b`) it can give; only the empty text when it is plain. `names`: of the indicators.
    """
    mapped = set(mapping["program_indicator"])
    yield from many(
        "unmapped-indicators",
        "warning",
        "program indicators are asked but not in the mapping; their rows become rejects",
        labels(asked.keys() - mapped, names),
        "add them to mappings/data_elements.csv, or do not ask them",
    )
    yield from many(
        "indicators-not-asked",
        "error",
        "program indicators are in the mapping but not asked; their cells would look vanished",
        labels(mapped - asked.keys(), names),
        "name them, or their group, under [source]",
    )
    unknown, missing = _options(mapping, asked, names)
    yield from many(
        "unknown-options",
        "error",
        "category options of the mapping are none that the indicator gives",
        unknown,
        "take the options from the categories of the indicator's category combination",
    )
    yield from many(
        "missing-options",
        "warning",
        "category options that the indicator gives are not in the mapping",
        missing,
        "add a row for each of them, or their rows become rejects",
    )


def _options(
    mapping: pl.DataFrame, asked: Mapping[str, frozenset[str]], names: Mapping[str, str]
) -> tuple[list[str], list[str]]:
    """The options that only the mapping has, and those that only the indicator has.

    An indicator that is mapped for its total alone is not asked by its options.
    """
    named: dict[str, set[str]] = {}
    for indicator, options in mapping.select("program_indicator", "category_options").rows():
        named.setdefault(indicator, set()).add(options)
    unknown, missing = [], []
    for indicator, options in named.items():
        if indicator in asked and options != {""}:
            (label,) = labels([indicator], names)
            unknown += [f"{label} {one}" for one in options - asked[indicator]]
            missing += [f"{label} {one}" for one in asked[indicator] - options]
    return unknown, missing


def org_unit_findings(
    org_units: pl.DataFrame, listed: pl.DataFrame, source: pl.Series, target: pl.Series
) -> Iterator[Finding]:
    """The org units that come from nowhere or go nowhere.

    `org_units`: id of the target org unit (null: none) and name of the source's, one row per chosen
    org unit. `listed`: source_org_unit, target_org_unit. `source`, `target`: all known ids.
    """
    yield from many(
        "unlisted-org-units",
        "warning",
        "chosen org units are not in mappings/org_units.csv; their rows become rejects",
        org_units.filter(pl.col("id").is_null())["name"],
        'list them, or set unlisted_org_units = "same"',
    )
    unknown_to_target = org_units.drop_nulls("id").filter(~pl.col("id").is_in(target.implode()))
    yield from many(
        "unknown-org-units",
        "error" if unknown_to_target.height == org_units.height else "warning",
        "chosen org units are not known to the target; their rows become rejects",
        labels(unknown_to_target["id"], names_of(unknown_to_target)),
        "give their ids on the target in mappings/org_units.csv, or leave them out",
    )
    yield from many(
        "strange-org-units",
        "warning",
        "org units that mappings/org_units.csv moves are not known to the source",
        listed.filter(~pl.col("source_org_unit").is_in(source.implode()))["source_org_unit"],
        "mend the column source_org_unit, or take these rows out",
    )


def merging_findings(placed: pl.DataFrame, listed: DataFrame[OrgUnitMapping]) -> Iterator[Finding]:
    """The org units that go to one org unit of the target: by mistake, or to be merged.

    `placed`: org_unit, target_org_unit (null: none), name, one row per chosen org unit.
    """
    apart = not_merged(placed, listed)
    together = placed.filter(
        pl.col("target_org_unit").is_not_null(), pl.col("target_org_unit").is_duplicated()
    ).join(apart, on="org_unit", how="anti")
    yield from many(
        "unmerged-org-units",
        "error",
        "chosen org units go to an org unit of the target that others go to; all are rejected",
        _going(apart),
        "write merge in the column rule of mappings/org_units.csv if their counts are to be added "
        "up, or mend the row",
    )
    yield from many(
        "merged-org-units",
        "note",
        "chosen org units are added up, as mappings/org_units.csv says",
        _going(together),
        "nothing to do if that is meant",
    )


def _going(placed: pl.DataFrame) -> list[str]:
    """Each org unit with the one that it goes to."""
    names = placed.select(id="org_unit", name="name")
    return [
        f"{label} to {target}"
        for label, target in zip(
            labels(placed["org_unit"], names_of(names)), placed["target_org_unit"], strict=True
        )
    ]
