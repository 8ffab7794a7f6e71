"""Leave out of a comparison what either side does not know: unknown is not silent."""

from typing import NamedTuple

import polars as pl

from pipeline.cells.key import FORM_CELL, KEY
from pipeline.compare.rules.links import COMPARED, as_key, of_tracker
from pipeline.compare.rules.manual.findings import with_sentences
from pipeline.compare.rules.manual.reasons import TRACKER_UNKNOWN
from pipeline.text.wording import count


class ComparableSides(NamedTuple):
    """Both sides of a comparison: the key of the compared cell and `value`, one row per cell.

    `findings`: what of tracker is not known, as the overview has them.
    """

    tracker: pl.DataFrame
    manual: pl.DataFrame
    findings: pl.DataFrame


def comparable(
    values: pl.DataFrame,
    doubtful: pl.DataFrame,
    manual: pl.DataFrame,
    manual_doubtful: pl.DataFrame,
    tracker_links: pl.DataFrame,
) -> ComparableSides:
    """The numbers of both sides, without the cells that one of them does not know.

    `values` and `doubtful` are tracker's, by its own cells; `manual` and `manual_doubtful` are
    by compared cells. `tracker_links`: `Links.tracker`, with `unknown` where no cell is known.
    """
    lost = as_key(tracker_links.filter("unknown").select("data_element", *COMPARED)).unique()
    not_known = of_tracker(doubtful.with_columns(value=pl.lit(0.0)), tracker_links).select(KEY)
    unclear = pl.concat([not_known, manual_doubtful.select(KEY)]).unique()
    tracker_side, manual_side = (
        side.join(unclear, on=list(KEY), how="anti", maintain_order="left").join(
            lost, on=list(FORM_CELL), how="anti", maintain_order="left"
        )
        for side in (of_tracker(values, tracker_links), manual)
    )
    observed = [count(not_known.height, "cell")] if not not_known.is_empty() else []
    observed += [f"all cells of {element}" for element in lost["data_element"].unique().sort()]
    unknown = pl.DataFrame({"observed": observed}, schema={"observed": pl.String}).select(
        rule_id=pl.lit(TRACKER_UNKNOWN.rule_id), line=pl.lit(None, pl.Int64), observed="observed"
    )
    return ComparableSides(tracker_side, manual_side, with_sentences([unknown], "tracker"))
