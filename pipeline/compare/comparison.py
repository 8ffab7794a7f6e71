"""Compare a run's snapshot with what paper said, and remember it."""

import polars as pl

from pipeline import __version__
from pipeline.cells.key import KEY
from pipeline.cells.packing import extend, packed
from pipeline.compare.manual.kept import Manual
from pipeline.compare.rules.comparable import comparable
from pipeline.compare.rules.discrepancies import compare
from pipeline.compare.rules.names import CellNames, with_names
from pipeline.compare.rules.overview import Overview, Provenance, overview
from pipeline.run.metadata import TargetFrames
from pipeline.run.records import Extract, read_record
from pipeline.run.work import Work
from pipeline.store.records import ComparisonRecord


def compare_run(work: Work, manual: Manual) -> Overview:
    """Put both sides of every cell together, from the run's folder alone.

    The newest run of the store is remembered there as well, so that it can be asked again.
    """
    extract, forms = read_record(work.run, Extract), TargetFrames.read(work.run)
    sides = comparable(
        pl.read_parquet(work.run.require("values.parquet", "transform")),
        pl.read_parquet(work.run.require("doubtful.parquet", "transform")),
        manual.values,
        manual.doubtful,
        manual.tracker_links,
    )
    cells = compare(sides.tracker, sides.manual, manual.tolerance)
    _remember(work, manual, cells)
    names = CellNames(
        _called(forms.data_elements), _called(forms.category_option_combos), forms.org_units
    )
    return overview(
        with_names(cells, names, manual.district_level),
        pl.concat([sides.findings, manual.findings]),
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


def _called(objects: pl.DataFrame) -> pl.DataFrame:
    return objects.select("id", "name")


def _remember(work: Work, manual: Manual, cells: pl.DataFrame) -> None:
    dictionaries = extend(work.store.dictionaries(), cells.select(KEY))
    compared = cells.select(*KEY, "tracker_value", "manual_value")
    record = ComparisonRecord(
        run_id=work.run.run_id,
        manual_source=manual.source,
        manual_read_at=manual.read_at,
        tolerance=manual.tolerance.absolute,
        tolerance_share=manual.tolerance.share,
    )
    work.store.commit_comparison(record, dictionaries, packed(compared, dictionaries))
