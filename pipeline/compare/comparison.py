"""Compare a run's snapshot with what paper said, and remember it."""

import polars as pl
from pandera.typing.polars import DataFrame

from pipeline import __version__
from pipeline.cells.dictionaries import extend
from pipeline.cells.key import KEY
from pipeline.cells.packing import pack
from pipeline.compare.context import CompareContext
from pipeline.compare.manual.kept import KeptManual
from pipeline.compare.rules.comparable import comparable
from pipeline.compare.rules.discrepancies import compare
from pipeline.compare.rules.names import CellNames, with_names
from pipeline.compare.rules.overview import Overview, Provenance, overview
from pipeline.run.values import read_run_values
from pipeline.run.work import Work
from pipeline.store.records import ComparisonRecord
from schemas.comparison import Discrepancies, ManualFindings
from schemas.frames import checked, trusted
from schemas.values import CellKeys


def compare_run(context: CompareContext, manual: KeptManual) -> Overview:
    """Put both sides of every cell together, from the run's folder alone.

    The newest run of the store is remembered there as well, so that it can be asked again.
    """
    work, extract, target = context.work, context.extract, context.target
    sides = comparable(
        read_run_values(work.run),
        checked(pl.read_parquet(work.run.require("doubtful.parquet", "transform")), CellKeys),
        manual.values,
        manual.doubtful,
        manual.tracker_links,
    )
    cells = compare(sides.tracker, sides.manual, manual.tolerance)
    _remember(work, manual, cells)
    names = CellNames(
        target.data_elements.select("id", "name"),
        target.category_option_combos.select("id", "name"),
        target.org_units,
    )
    return overview(
        with_names(cells, names, manual.district_level),
        trusted(pl.concat([sides.findings, manual.findings]), ManualFindings),
        Provenance(
            transfer=work.name,
            run_id=work.run.run_id,
            run_started_at=extract.started_at,
            analytics_built=extract.analytics_built,
            manual_source=manual.source,
            manual_read_at=manual.read_at,
            tally_version=__version__,
            tolerance=manual.tolerance.in_words(),
        ),
    )


def _remember(work: Work, manual: KeptManual, cells: DataFrame[Discrepancies]) -> None:
    dictionaries = extend(work.store.dictionaries(), cells.select(KEY))
    compared = cells.select(*KEY, "tracker_value", "manual_value")
    record = ComparisonRecord(
        run_id=work.run.run_id,
        manual_source=manual.source,
        manual_read_at=manual.read_at,
        tolerance=manual.tolerance.absolute,
        tolerance_share=manual.tolerance.share,
    )
    work.store.commit_comparison(record, dictionaries, pack(compared, dictionaries))
