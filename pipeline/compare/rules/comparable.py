"""Leave out of a comparison what either side does not know: unknown is not silent."""

from typing import NamedTuple

import polars as pl
from pandera.typing.polars import DataFrame

from pipeline.cells.key import FORM_CELL, KEY
from pipeline.compare.rules.links import COMPARED, as_key, of_tracker
from pipeline.compare.rules.manual.findings import with_sentences
from pipeline.compare.rules.manual.reasons import TRACKER_UNKNOWN
from pipeline.text.wording import count
from schemas.comparison import ManualFindings, TrackerLinks
from schemas.frames import trusted
from schemas.values import CellKeys, Values


class ComparableSides(NamedTuple):
    """Both sides of a comparison: the key of the compared cell and `value`, one row per cell.

    `findings`: what of tracker is not known, as the overview has them.
    """

    tracker: DataFrame[Values]
    manual: DataFrame[Values]
    findings: DataFrame[ManualFindings]


def comparable(
    values: DataFrame[Values],
    doubtful: DataFrame[CellKeys],
    manual: DataFrame[Values],
    manual_doubtful: DataFrame[CellKeys],
    tracker_links: DataFrame[TrackerLinks],
) -> ComparableSides:
    """The numbers of both sides, without the cells that one of them does not know.

    `values` and `doubtful` are tracker's, by its own cells; `manual` and `manual_doubtful` are
    by compared cells. `tracker_links`: `Links.tracker`, with `unknown` where no cell is known.
    """
    not_asked = as_key(tracker_links.filter("unknown").select("data_element", *COMPARED)).unique()
    not_known = of_tracker(doubtful.with_columns(value=pl.lit(0.0)), tracker_links).select(KEY)
    unclear = pl.concat([not_known, manual_doubtful.select(KEY)]).unique()
    tracker_side, manual_side = (
        trusted(
            side.join(unclear, on=list(KEY), how="anti", maintain_order="left").join(
                not_asked, on=list(FORM_CELL), how="anti", maintain_order="left"
            ),
            Values,
        )
        for side in (of_tracker(values, tracker_links), manual)
    )
    observed = [count(not_known.height, "cell")] if not not_known.is_empty() else []
    observed += [f"all cells of {element}" for element in not_asked["data_element"].unique().sort()]
    unknown = pl.DataFrame({"observed": observed}, schema={"observed": pl.String}).select(
        rule_id=pl.lit(TRACKER_UNKNOWN.rule_id), line=pl.lit(None, pl.Int64), observed="observed"
    )
    return ComparableSides(tracker_side, manual_side, with_sentences([unknown], "tracker"))
