"""Find whether the mapping fits what is asked, and where its org units go."""

from collections.abc import Iterator, Mapping

import polars as pl

from pipeline.verify.rules.findings import Finding, labels, many, names_of


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
