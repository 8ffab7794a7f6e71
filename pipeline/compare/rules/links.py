"""Which manual numbers and which of tracker's make up one compared cell."""

from collections.abc import Collection
from typing import NamedTuple

import polars as pl
from pandera.typing.polars import DataFrame

from pipeline.cells.key import FORM_CELL, KEY
from pipeline.cells.numbers import DECIMALS
from schemas.frames import trusted
from schemas.values import Values

TOTAL = "total"
MANUAL_CELL = (
    "manual_data_element",
    "manual_category_option_combo",
    "manual_attribute_option_combo",
)
MANUAL_COLUMNS = (*MANUAL_CELL, *FORM_CELL)
COMPARED = ("compared_category_option_combo", "compared_attribute_option_combo")
# Of DHIS2's kinds of aggregation, those by which two numbers do not make their sum.
NOT_ADDITIVE = frozenset(("AVERAGE", "MIN", "MAX", "STDDEV", "VARIANCE", "LAST_AVERAGE_ORG_UNIT"))
_COMBOS = FORM_CELL[1:]


class LineMistake(NamedTuple):
    """What is wrong with a row of the mapping table."""

    line: int
    sentence: str


class Links(NamedTuple):
    """Where numbers belong: to a data element and the combos of a compared cell.

    `tracker` has the form cell and COMPARED, one row per form cell. `manual` has MANUAL_CELL, the
    data element and COMPARED, one row per manual form cell; a null combo stands for all of them.
    """

    tracker: pl.DataFrame
    manual: pl.DataFrame


def link(
    table: pl.DataFrame,
    filled: pl.DataFrame,
    default_combo: str,
    *,
    on_target: bool = False,
    not_additive: Collection[str] = (),
) -> tuple[Links, list[LineMistake]]:
    """Find the compared cells that a mapping table describes, and complain about its rows.

    `table`: line and MANUAL_COLUMNS, as `schemas.mapping` has them. `filled`: the form cells that
    tracker fills, one row each. Where paper is coarser than tracker, tracker's cells become one,
    which has paper's combo. No number counts in two compared cells. `on_target`: manual numbers
    stand where tracker's are written, so none of them may be tracker's own. `not_additive`:
    elements whose numbers cannot be added up, as every sum of a report would.
    """
    pairs = _pairs(table, filled, default_combo)
    linked = _with_compared(pairs, default_combo)
    complaints = [
        *_unfilled(table, pairs, filled),
        *_not_additive(table, not_additive),
        *_doubled(pairs),
        *_two_elements(pairs),
        *_overlapping(pairs),
        *_two_grains(linked),
        *(_own(pairs, filled) if on_target else ()),
    ]
    links = Links(
        linked.select(*FORM_CELL, *COMPARED).unique().sort(FORM_CELL),
        linked.select(*MANUAL_CELL, "data_element", *COMPARED)
        .unique()
        .sort(MANUAL_CELL, nulls_last=True),
    )
    return links, sorted(set(complaints))


def _pairs(table: pl.DataFrame, filled: pl.DataFrame, default_combo: str) -> pl.DataFrame:
    """One row per manual form cell and form cell of tracker that a line puts together."""
    fed = filled.select("data_element", *(pl.col(part).alias(f"_{part}") for part in _COMBOS))
    joined = table.join(fed, on="data_element", how="inner", maintain_order="left_right")
    matching = pl.all_horizontal(_matches(part, default_combo) for part in _COMBOS)
    return joined.filter(matching).select(
        "line",
        "manual_data_element",
        *(_manual_combo(part, default_combo) for part in _COMBOS),
        "data_element",
        *(pl.col(f"_{part}").alias(part) for part in _COMBOS),
    )


def _matches(part: str, default_combo: str) -> pl.Expr:
    """Whether tracker's combo is one that the line means."""
    written, manual = pl.col(part), pl.col(f"manual_{part}")
    meant = pl.when((written == "") & (manual != "")).then(pl.lit(default_combo)).otherwise(written)
    return meant.is_in(["", TOTAL]) | (meant == pl.col(f"_{part}"))


def _manual_combo(part: str, default_combo: str) -> pl.Expr:
    written, manual = pl.col(part), pl.col(f"manual_{part}")
    return (
        pl.when(manual == TOTAL)
        .then(pl.lit(None, pl.String))
        .when((manual == "") & (written == ""))
        .then(pl.col(f"_{part}"))
        .when(manual == "")
        .then(pl.lit(default_combo))
        .otherwise(manual)
        .alias(f"manual_{part}")
    )


def _with_compared(pairs: pl.DataFrame, default_combo: str) -> pl.DataFrame:
    """Add COMPARED: tracker's own combo, or paper's where it takes several of tracker's."""
    return pairs.with_columns(
        pl.when(pl.col(part).n_unique().over(MANUAL_CELL) == 1)
        .then(pl.col(part))
        .otherwise(pl.col(f"manual_{part}").fill_null(default_combo))
        .alias(f"compared_{part}")
        for part in _COMBOS
    )


def _unfilled(table: pl.DataFrame, pairs: pl.DataFrame, filled: pl.DataFrame) -> list[LineMistake]:
    unfilled = table.join(pairs, on="line", how="anti", maintain_order="left")
    known = filled["data_element"].unique().implode()
    sentences = unfilled.select(
        "line",
        pl.when(pl.col("data_element").is_in(known))
        .then(pl.lit("tracker does not fill this option combo of"))
        .otherwise(pl.lit("no row of data_elements fills")),
        "data_element",
    )
    return [LineMistake(line, f"{what} {element}") for line, what, element in sentences.rows()]


def _not_additive(table: pl.DataFrame, not_additive: Collection[str]) -> list[LineMistake]:
    found = table.filter(pl.col("data_element").is_in(list(not_additive)))
    return [
        LineMistake(line, f"numbers of {element} cannot be added up (a mean, least or most)")
        for line, element in found.select("line", "data_element").rows()
    ]


def _doubled(pairs: pl.DataFrame) -> list[LineMistake]:
    return _mistakes_of_several(
        pairs.group_by(*MANUAL_CELL, *FORM_CELL).agg("line"),
        "the same is said in line {other}; keep one of the two",
    )


def _two_elements(pairs: pl.DataFrame) -> list[LineMistake]:
    elements = pairs.group_by(*MANUAL_CELL, "data_element").agg(pl.col("line").min())
    return _mistakes_of_several(
        elements.group_by(MANUAL_CELL).agg("line"),
        "this manual number is compared with another data element in line {other}; choose one",
    )


def _overlapping(pairs: pl.DataFrame) -> list[LineMistake]:
    """Complain where `total` takes in a manual number that another line names itself."""
    cells = pairs.group_by(MANUAL_CELL).agg(pl.col("line").min())
    both = cells.join(cells, on="manual_data_element", how="inner", suffix="_other")
    meet = pl.all_horizontal(
        pl.col(part).is_null()
        | pl.col(f"{part}_other").is_null()
        | (pl.col(part) == pl.col(f"{part}_other"))
        for part in MANUAL_CELL[1:]
    )
    differ = pl.any_horizontal(
        pl.col(part).ne_missing(pl.col(f"{part}_other")) for part in MANUAL_CELL[1:]
    )
    found = both.filter(meet & differ & (pl.col("line") >= pl.col("line_other")))
    return [
        LineMistake(line, f"line {other} already takes in this manual number; it would count twice")
        for line, other in found.select("line", "line_other").rows()
    ]


def _two_grains(linked: pl.DataFrame) -> list[LineMistake]:
    grains = linked.group_by(*FORM_CELL, *COMPARED).agg(pl.col("line").min())
    return _mistakes_of_several(
        grains.group_by(FORM_CELL).agg("line"),
        "line {other} compares the same number of tracker with another combo; choose one",
    )


def _own(pairs: pl.DataFrame, filled: pl.DataFrame) -> list[LineMistake]:
    """Complain where a manual number would be one that tracker itself wrote."""
    own = filled.select(pl.all().name.prefix("own_"))
    on_own_cells = pairs.join(
        own, left_on="manual_data_element", right_on="own_data_element", how="inner"
    ).filter(
        pl.col(f"manual_{part}").is_null() | (pl.col(f"manual_{part}") == pl.col(f"own_{part}"))
        for part in _COMBOS
    )
    sentence = "tracker's own numbers stand there; name the data element that paper is typed into"
    return [LineMistake(line, sentence) for line in on_own_cells["line"].unique().sort()]


def _mistakes_of_several(groups: pl.DataFrame, sentence: str) -> list[LineMistake]:
    several = groups.filter(pl.col("line").list.len() > 1)["line"].list.sort().to_list()
    return [LineMistake(lines[1], sentence.format(other=lines[0])) for lines in several]


def of_tracker(values: pl.DataFrame, tracker_links: pl.DataFrame) -> DataFrame[Values]:
    """Tracker's number for each compared cell: the key and `value`, sorted by the key.

    `values` has the key and `value`; what no link (`Links.tracker`) names is left out.
    """
    placed = values.join(tracker_links, on=list(FORM_CELL), how="inner", validate="m:1")
    return summed(as_key(placed.select("data_element", "period", "org_unit", *COMPARED, "value")))


def of_manual(parts: pl.DataFrame, links: Links) -> pl.DataFrame:
    """The manual numbers by their compared cells: MANUAL_CELL gives way to the key.

    What no link names is left out; the other columns stay.
    """
    found = []
    for nulls, patterns in _by_grain(links.manual):
        on = [part for part in MANUAL_CELL if part not in nulls]
        joined = parts.join(
            patterns.drop(nulls), on=on, how="inner", validate="m:1", maintain_order="left"
        )
        found.append(joined.drop(MANUAL_CELL))
    return as_key(pl.concat(found)).select(*KEY, pl.exclude(KEY))


def _by_grain(patterns: pl.DataFrame) -> list[tuple[list[str], pl.DataFrame]]:
    """Put manual form cells together by which of their combos stands for all."""
    first, second = MANUAL_CELL[1:]
    parts = []
    for nulls in ([], [first], [second], [first, second]):
        is_so = [pl.col(part).is_null() == (part in nulls) for part in (first, second)]
        parts.append((nulls, patterns.filter(*is_so)))
    return parts


def summed(numbers: pl.DataFrame) -> DataFrame[Values]:
    """Add up the manual numbers of each compared cell: the key and `value`, sorted by the key."""
    total = pl.col("value").sort().sum().round(DECIMALS)
    return trusted(numbers.group_by(KEY).agg(total).sort(KEY), Values)


def as_key(cells: pl.DataFrame) -> pl.DataFrame:
    """Call the combos of compared cells as a key calls them."""
    return cells.rename(dict(zip(COMPARED, _COMBOS, strict=True)))
