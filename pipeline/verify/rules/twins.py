"""Find what is there twice, or looks as if it were: objects of one name, sites of one id."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

import polars as pl

from pipeline.plan.rules.holds.sources import counted_twice, differing_sites, strange_levels
from pipeline.plan.rules.holds.twins import twin_combos
from pipeline.plan.rules.reasons import TWO_DEFAULTS
from pipeline.text.escaping import with_id
from pipeline.text.spelling import folded
from pipeline.verify.rules.findings import Finding, Severity, labels, many, names_of


def alike(objects: Iterable[tuple[str, str, str]]) -> list[str]:
    """Those of one kind that have one name to a reader, as `a (id) and a (id)`.

    `objects`: what they belong to, id, name; only names within one belonging are compared.
    """
    called: dict[tuple[str, str], dict[str, str]] = {}
    for belonging, key, name in objects:
        called.setdefault((belonging, folded(name)), {})[key] = name
    return [
        " and ".join(with_id(name, key) for key, name in sorted(named.items()))
        for named in called.values()
        if len(named) > 1
    ]


def combo_findings(side: str, combos: pl.DataFrame, used: Iterable[str]) -> Iterator[Finding]:
    """The option combos of a server that have a twin: `used` are the category combos that matter.

    `combos`: as schemas.metadata.CategoryOptionCombos.
    """
    names = names_of(combos)
    wanted = pl.col("is_default") | pl.col("category_combo").is_in(list(used))
    mattering = combos.filter(wanted)
    twins = twin_combos(mattering).select("twin_hold", "with_twin").unique(maintain_order=True)
    sentences = (
        (True, f"{side}-two-defaults", f"option combos of the {side} are `default`, not one"),
        (False, f"{side}-twin-combos", f"option combos of the {side} have the same options"),
    )
    for of_default, finding_id, what in sentences:
        found = twins.filter((pl.col("twin_hold") == TWO_DEFAULTS) == of_default)
        yield from many(
            finding_id,
            "error" if side == "target" else "warning",
            f"sets of {what}",
            [" and ".join(labels(group, names)) for group in found["with_twin"].to_list()],
            "let the administrator remove or merge one of each; until then no cell of them is "
            "written"
            if side == "target"
            else "let the administrator remove or merge one of each",
        )
    apart = mattering.join(twin_combos(mattering), on="id", how="anti").drop_nulls("name")
    yield from _alike(
        f"{side}-alike-combos",
        "warning",
        f"sets of option combos of the {side} have one name and other options",
        apart.select("category_combo", "id", "name").rows(),
        "look in the mapping whether each row has the one that is meant",
    )


def option_findings(
    side: str,
    categories: Iterable[str],
    options: Mapping[str, Sequence[str]],
    names: Mapping[str, str],
) -> Iterator[Finding]:
    """The options of a category that have one name to a reader; `options` by category."""
    yield from _alike(
        f"{side}-alike-options",
        "warning",
        f"sets of category options of the {side} have one name",
        [(one, key, names.get(key, key)) for one in sorted(categories) for key in options[one]],
        "look in the mapping whether each row has the one that is meant",
    )


def sibling_findings(side: str, org_units: pl.DataFrame, chosen: pl.Series) -> Iterator[Finding]:
    """The chosen org units that have one name with another below the same parent.

    `org_units`: id, name, path, all of the server.
    """
    parent = pl.col("path").str.replace("/[^/]*$", "")
    placed = org_units.with_columns(parent=parent)
    near = placed.join(
        placed.filter(pl.col("id").is_in(chosen.drop_nulls().implode())).select("parent").unique(),
        on="parent",
        how="semi",
    )
    yield from _alike(
        f"{side}-alike-org-units",
        "warning",
        f"sets of org units of the {side} have one name and one parent",
        near.select("parent", "id", "name").rows(),
        "look whether they are one site that was entered twice; its counts may stand in both",
    )


def _alike(
    finding_id: str,
    severity: Severity,
    what: str,
    objects: Iterable[tuple[str, str, str]],
    remedy: str,
) -> list[Finding]:
    return many(finding_id, severity, what, alike(objects), remedy)


def source_findings(
    placed: pl.DataFrame,
    listed: pl.Series,
    source: pl.DataFrame,
    target: pl.DataFrame,
    assignments: pl.DataFrame,
) -> Iterator[Finding]:
    """The org units whose counts may be another's, or count twice; a plan holds their cells.

    `placed`: org_unit, target_org_unit, the chosen ones. `listed`: those that
    mappings/org_units.csv names. `source`, `target`: as schemas.metadata.OrgUnitTree.
    `assignments`: data_set, org_unit.
    """
    here, there = names_of(source), names_of(target)
    differing = differing_sites(placed, listed, source, target)
    others = differing.filter("is_another")["org_unit"]
    renamed = differing.filter(~pl.col("is_another"))["org_unit"]
    yield from many(
        "another-name",
        "note",
        "org units have another name on the target, where their parent or code is the same",
        [
            f"{label} is {there.get(one, one)} there"
            for label, one in zip(labels(renamed, here), renamed, strict=True)
        ],
        "look whether they are one site; if not, mend mappings/org_units.csv",
    )
    yield from many(
        "another-site",
        "warning",
        "ids of org units have another name and another parent on the target; their cells are held",
        [
            f"{label} is {there.get(one, one)} there"
            for label, one in zip(labels(others, here), others, strict=True)
        ],
        "look whether they are one site, and list them in mappings/org_units.csv with the id that "
        "their counts go to, even if it is the same",
    )
    twice = counted_twice(placed, source, assignments)["org_unit"].unique()
    yield from many(
        "counted-twice",
        "warning",
        "org units are filled, and some below them too; tracker's number of the upper one holds "
        "theirs, so its cells are held",
        labels(twice, there),
        "choose one level in [org_units], or take the data set from the one or the others",
    )


def level_findings(side: str, org_units: pl.DataFrame, chosen: pl.Series) -> Iterator[Finding]:
    """The org units of a server whose level is not that of their path: id, name, path, level.

    The cells of those that are `chosen` are held where the server is the source.
    """
    strange = strange_levels(org_units)
    is_chosen = not strange.filter(pl.col("id").is_in(chosen.drop_nulls().implode())).is_empty()
    held = "; the cells of those that are chosen are held" if is_chosen and side == "source" else ""
    yield from many(
        f"{side}-levels",
        "warning",
        f"org units of the {side} have a level that is not that of their path{held}",
        [
            f"{label} level {level}, path of {path.count('/')}"
            for label, level, path in zip(
                labels(strange["id"], names_of(strange)),
                strange["level"],
                strange["path"],
                strict=True,
            )
        ],
        "let the administrator update the org unit paths (Data Administration, Maintenance)",
    )
