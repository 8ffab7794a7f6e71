"""How many rows became values, and how many rejects are too many."""

from typing import NamedTuple

import polars as pl
from pandera.typing.polars import DataFrame

from pipeline.text.errors import FindingsError, TallyError
from pipeline.text.wording import count, number
from pipeline.transform.rules import reasons
from pipeline.transform.rules.mapping import Mapped
from pipeline.transform.rules.merging import Merged
from schemas.frames import columns, trusted
from schemas.values import Rejects


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


def refuse_many_rejects(rejects: DataFrame[Rejects], rows: int, max_share: float) -> None:
    """Raise `FindingsError` when more of all `rows` were rejected than the transfer allows."""
    counted = rejects.filter(~pl.col("rule_id").is_in(reasons.UNCOUNTED_REJECTS))
    if counted.height <= rows * max_share:
        return
    worst = counted["reason"].value_counts(sort=True).row(0)
    raise FindingsError(
        f"{number(counted.height)} of {count(rows, 'row')} rejected, most of them "
        f"({number(worst[1])}) because: "
        f"{worst[0]}",
        where="rejects.parquet of this run lists them all",
        remedy="mend the mapping, or raise rejects.max_share if so many are expected",
    )
