"""Find whether the target's forms take what the mapping gives them."""

from collections.abc import Iterator

import polars as pl

from pipeline.cells.numbers import DECIMAL_TYPES, INTEGER_TYPES
from pipeline.plan.rules.assembly import keeps_zeros
from pipeline.plan.rules.holds.form_cells import in_several_data_sets
from pipeline.verify.rules.findings import Finding, labels, many, names_of


def cell_findings(
    placed: pl.DataFrame, elements: pl.DataFrame, combos: pl.DataFrame
) -> Iterator[Finding]:
    """The mapped cells that have no place in the target's forms.

    `placed`: data_element, category_option_combo, data_set, form_hold, sentence. `elements` and
    `combos`: id, name.
    """
    of_elements, of_combos = names_of(elements), names_of(combos)
    held = placed.filter(pl.col("form_hold").is_not_null()).sort("form_hold")
    for (hold, sentence), part in held.group_by(["form_hold", "sentence"], maintain_order=True):
        cells = part.select("data_element", "category_option_combo").unique()
        labelled = zip(
            labels(cells["data_element"], of_elements),
            labels(cells["category_option_combo"], of_combos),
            strict=True,
        )
        yield from many(
            str(hold).replace("_", "-"),
            "error",
            f"mapped cells cannot be written: {sentence}",
            [f"{element} {combo}" for element, combo in labelled],
            "until then these cells are held",
        )


def element_findings(
    mapping: pl.DataFrame, elements: pl.DataFrame, data_set_elements: pl.DataFrame
) -> Iterator[Finding]:
    """The mapped elements that take no number, and those that are in several data sets.

    `mapping`: data_element, data_set ("": the only one). `elements`: id, name, value_type.
    """
    numeric = pl.col("value_type").is_in([*INTEGER_TYPES, *DECIMAL_TYPES])
    mapped = mapping.select(id="data_element").unique()
    not_numeric = elements.join(mapped, on="id", how="semi").filter(~numeric)
    yield from many(
        "no-numbers",
        "error",
        "mapped data elements take no numbers",
        [
            f"{name} {kind}"
            for name, kind in zip(_all(not_numeric), not_numeric["value_type"], strict=True)
        ],
        "map the counts to data elements of a number type",
    )
    yield from many(
        "element-in-two-data-sets",
        "error",
        "mapped data elements are in several of the target data sets",
        labels(in_several_data_sets(mapping, data_set_elements), names_of(elements)),
        "name the data set in the column data_set of the mapping",
    )


def decimal_findings(
    mapping: pl.DataFrame, indicators: pl.DataFrame, elements: pl.DataFrame
) -> Iterator[Finding]:
    """The indicators that may give decimals into elements that take whole numbers.

    `mapping`: program_indicator, data_element. `indicators`: id, name, may_give_decimals.
    `elements`: id, name, value_type.
    """
    broken = indicators.filter("may_give_decimals").select(program_indicator="id")
    whole = elements.filter(pl.col("value_type").is_in([*INTEGER_TYPES]))
    pairs = (
        mapping.select("program_indicator", "data_element")
        .unique()
        .join(broken, on="program_indicator", how="semi")
        .join(whole.select(data_element="id", value_type="value_type"), on="data_element")
        .sort("program_indicator", "data_element")
    )
    labelled = zip(
        labels(pairs["program_indicator"], names_of(indicators)),
        labels(pairs["data_element"], names_of(elements)),
        pairs["value_type"],
        strict=True,
    )
    yield from many(
        "decimals-into-whole-numbers",
        "warning",
        "program indicators may give decimals, and their data elements take whole numbers only; "
        "rows with decimals become rejects",
        [f"{indicator} into {element} {kind}" for indicator, element, kind in labelled],
        "set the decimals of the indicator to 0, or map it to a data element of type NUMBER",
    )


def zero_findings(mapping: pl.DataFrame, elements: pl.DataFrame) -> Iterator[Finding]:
    """The mapped elements that keep no zeros, although the transfer is to store them.

    `mapping`: data_element. `elements`: id, name, zero_is_significant, aggregation_type.
    """
    mapped = mapping.select(id="data_element").unique()
    dropping = elements.join(mapped, on="id", how="semi").filter(~keeps_zeros())
    yield from many(
        "zeros-not-kept",
        "warning",
        'mapped data elements keep no zeros in DHIS2, so `zeros = "store"` holds theirs',
        _all(dropping),
        "let the administrator mark them as storing zeros in Maintenance (zeroIsSignificant), "
        'or set zeros = "as_element"',
    )


def period_findings(data_sets: pl.DataFrame, period_type: str) -> Iterator[Finding]:
    """The data sets that are reported for another period type: id, name, period_type."""
    other = data_sets.filter(pl.col("period_type") != period_type)
    yield from many(
        "period-type",
        "error",
        f"data sets are not reported by {period_type} periods",
        [f"{name}: {kind}" for name, kind in zip(_all(other), other["period_type"], strict=True)],
        "give them a transfer of their own, with that period type",
    )


def assignment_findings(
    org_units: pl.DataFrame,
    data_sets: pl.DataFrame,
    assigned: pl.DataFrame,
    *,
    assigned_only: bool,
) -> Iterator[Finding]:
    """The org units that no data set takes, and the data sets that take none of them.

    `org_units`: id, name, one row per chosen org unit. `data_sets`: id, name. `assigned`: data_set,
    org_unit. With `assigned_only` the transfer itself leaves the others out, and nothing is said.
    """
    outside = org_units.join(assigned, left_on="id", right_on="org_unit", how="anti")
    if outside.height == org_units.height or not assigned_only:
        yield from many(
            "not-assigned",
            "error" if outside.height == org_units.height else "warning",
            "org units of the selection are assigned to none of the target data sets",
            _all(outside),
            "assign them to the data sets in Maintenance, or leave them out of [org_units]",
        )
    taking = assigned.join(org_units, left_on="org_unit", right_on="id", how="semi")
    idle = data_sets.join(taking, left_on="id", right_on="data_set", how="anti")
    if outside.height < org_units.height:
        yield from many(
            "idle-data-sets",
            "error",
            "target data sets are assigned to no org unit of the selection",
            _all(idle),
            "assign the data set in Maintenance, or take it out of [target] data_sets",
        )


def _all(objects: pl.DataFrame) -> list[str]:
    """Name objects (id, name); one that goes nowhere has no id, and is called by its name alone."""
    nowhere = objects.filter(pl.col("id").is_null())["name"]
    return [*labels(objects["id"].drop_nulls(), names_of(objects)), *nowhere]
