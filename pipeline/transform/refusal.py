"""A run of which too many rows became no value: its run.md, and the letter that stops it."""

import polars as pl
from pandera.typing.polars import DataFrame

from pipeline.files.whole import write_bytes
from pipeline.report.run import files_as_markdown, refused_run_as_markdown
from pipeline.run.metadata import TargetFrames, indicator_names
from pipeline.run.work import Work
from pipeline.text.errors import FindingsError
from pipeline.transform.context import TransformContext
from pipeline.transform.rules.counts import counted_rejects, letter_of_rejects
from pipeline.transform.rules.culprits import culprits
from schemas.values import Rejects


def refuse_run(
    work: Work, context: TransformContext, rejects: DataFrame[Rejects], rows: int
) -> FindingsError:
    """Leave run.md with what was rejected, by count, element and example; gives the letter."""
    target = TargetFrames.read(work.run)
    names = {
        **target.display_names,
        "program_indicator": indicator_names(work.run),
        "org_unit": dict(_source_names(work)),
    }
    guilty = culprits(counted_rejects(rejects), _targets(context, target))
    letter = letter_of_rejects(guilty, rejects, rows, names)
    files = files_as_markdown({path.name for path in work.run.path.iterdir()})
    text = refused_run_as_markdown(work.run.run_id, letter, guilty, rejects, names)
    write_bytes(work.run.path / "run.md", f"{text}\n{files}".encode())
    return letter


def _targets(context: TransformContext, target: TargetFrames) -> pl.DataFrame:
    return context.tables.data_elements.join(
        target.data_elements.select(data_element="id", value_type="value_type"),
        on="data_element",
        how="left",
        validate="m:1",
    )


def _source_names(work: Work) -> list[tuple[str, str]]:
    return (
        pl.read_parquet(work.run.metadata / "source_org_units.parquet").select("id", "name").rows()
    )
