"""How many rows became values, and how many rejects are too many."""

from collections.abc import Mapping
from typing import NamedTuple

import polars as pl
from pandera.typing.polars import DataFrame

from pipeline.text.errors import FindingsError, TallyError
from pipeline.text.escaping import shortened, with_id
from pipeline.text.wording import count, number
from pipeline.transform.rules import reasons
from pipeline.transform.rules.mapping import Mapped
from pipeline.transform.rules.merging import Merged
from schemas.frames import columns, trusted
from schemas.values import Rejects

_Names = Mapping[str, Mapping[str, str]]  # per column, the name of an id


class RowCounts(NamedTuple):
    """What became of a run's rows: `rows` = `accepted` + `rejects`, `values` distinct cells.

    A row whose count fills several cells is counted once for each.
    """

    rows: int
    accepted: int
    rejects: int
    values: int


def all_rejects(mapped: Mapped, merged: Merged) -> DataFrame[Rejects]:
    """The rows that found no cell, and those of cells that got no number, sorted."""
    both = pl.concat([mapped.rejects, merged.rejects])
    return trusted(both.sort(columns(Rejects)), Rejects)


def counts_of_rows(
    mapped: Mapped, merged: Merged, rejects: DataFrame[Rejects], where: str
) -> RowCounts:
    """The counts of a run; nothing vanishes, or this raises `TallyError` about the run `where`."""
    rows = mapped.accepted.height + mapped.rejects.height
    accepted = mapped.accepted.join(merged.values, on="cell", how="semi").height
    if rows != accepted + rejects.height:
        raise TallyError(
            f"rows vanished on the way: {number(rows)} came, "
            f"{number(accepted)} were accepted and {number(rejects.height)} handed back",
            where=where,
            remedy="begin a new run, and report this with the run's folder",
        )
    return RowCounts(rows, accepted, rejects.height, merged.values.height)


def counted_rejects(rejects: DataFrame[Rejects]) -> DataFrame[Rejects]:
    """The rejects that count towards the limit: all but those from outside the scope."""
    counted = rejects.filter(~pl.col("rule_id").is_in(reasons.UNCOUNTED_REJECTS))
    return trusted(counted, Rejects)


def are_too_many(rejects: DataFrame[Rejects], rows: int, max_share: float) -> bool:
    """Whether more of all `rows` were rejected than the transfer allows."""
    return counted_rejects(rejects).height > rows * max_share


def letter_of_rejects(
    guilty: pl.DataFrame, rejects: DataFrame[Rejects], rows: int, names: _Names
) -> FindingsError:
    """The letter that names the most frequent reason, whose rows they are, and one of them.

    `guilty`: as `culprits` gives them, at least one. `names` gives, per column, the name of an id.
    """
    counted = counted_rejects(rejects)
    worst = counted["reason"].value_counts(sort=True).row(0)
    first = guilty.filter(pl.col("reason") == worst[0]).row(0, named=True)
    whose = f"program indicator {_called(first, 'program_indicator', names)}"
    if first["data_element"] is not None:
        kind = first["value_type"] or "not known to the target"
        whose += f", mapped to data element {_called(first, 'data_element', names)} ({kind})"
    return FindingsError(
        f"{number(counted.height)} of {count(rows, 'row')} rejected, most of them "
        f"({number(worst[1])}) because: {worst[0]}. {number(first['rows'])} of these: {whose}",
        where="run.md of this run names them all, with an example of each; rejects.parquet has "
        "every row",
        remedy=f"look at period {first['period']}, org unit {_called(first, 'org_unit', names)}, "
        f"where the server says {shortened(first['value'])}; mend the mapping or the indicator, or "
        "raise rejects.max_share if so many are expected",
    )


def _called(row: Mapping[str, str], column: str, names: _Names) -> str:
    name = names.get(column, {}).get(row[column], row[column])
    return shortened(name) if name == row[column] else with_id(name, row[column])
