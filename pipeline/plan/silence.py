"""Ask again, alone, before tracker's silence is believed."""

import polars as pl

from pipeline.cells.key import FORM_CELL, KEY
from pipeline.dhis2.analytics import Response, ask_all_alone, bearable_codes
from pipeline.dhis2.http.client import Client
from pipeline.extract.rules.questions import IndicatorBatch
from pipeline.extract.rules.scope import Scope
from pipeline.plan.context import PlanContext
from pipeline.run.records import Extract
from pipeline.run.responses import keep_all
from pipeline.text.errors import ServerError
from pipeline.transform.rules.mapping import OPTIONS_JOINT


def believe_silence(context: PlanContext, source: Client, silent: pl.DataFrame) -> pl.DataFrame:
    """The cells (their keys) whose silence is not to be believed.

    Every indicator behind a silent cell is asked alone, for the periods and org units in
    question. A server leaves a broken indicator out of a joint answer without a word; alone it
    tells. Whoever answers with an error, or with a row where there was none, is not believed.
    """
    if silent.is_empty():
        return silent.select(KEY)
    extract, settings = context.extract, context.work.settings.source
    filters, bearable = settings.filters, bearable_codes(settings)
    behind = _behind(silent, context.mapping, context.org_units)
    doubted = [silent.clear().select(KEY)]
    for (indicator,), part in behind.group_by(["program_indicator"], maintain_order=True):
        name = str(indicator)
        if name in extract.silent_indicators:
            continue
        scope = _scope_of(name, part, extract)
        questions = scope.questions(row_limit=0, filters=filters)
        answer = ask_all_alone(source, questions, bearable=bearable)
        if isinstance(answer, ServerError):
            doubted.append(part.select(KEY))
            continue
        keep_all(context.work.run, answer, "confirm")
        doubted += [_answered(part, response) for response in answer]
    return pl.concat(doubted).unique(maintain_order=True)


def _behind(silent: pl.DataFrame, mapping: pl.DataFrame, org_units: pl.DataFrame) -> pl.DataFrame:
    """The indicators and source org units that would fill each silent cell."""
    sources = org_units.select(source_org_unit="org_unit", org_unit="target_org_unit")
    return (
        silent.join(
            mapping.select(*FORM_CELL, "program_indicator", "category_options"),
            on=list(FORM_CELL),
            how="inner",
        )
        .join(sources, on="org_unit", how="inner")
        .sort("program_indicator", *KEY)
    )


def _answered(part: pl.DataFrame, response: Response) -> pl.DataFrame:
    """The cells of `part` for which a row came after all."""
    categories = list(response.question.categories)
    options = (
        pl.concat_list(categories).list.sort().list.join(OPTIONS_JOINT)
        if categories
        else pl.lit("")
    )
    came = response.rows.select(
        "period", source_org_unit="org_unit", category_options=options
    ).unique()
    where = ["period", "source_org_unit", "category_options"]
    return part.join(came, on=where, how="semi", maintain_order="left").select(KEY)


def _scope_of(indicator: str, part: pl.DataFrame, extract: Extract) -> Scope:
    categories = tuple(extract.categories.get(indicator, ()))
    org_units = part["source_org_unit"].unique().sort().to_list()
    levels = pl.DataFrame({"id": org_units, "level": [extract.levels[unit] for unit in org_units]})
    options = part["category_options"].n_unique()
    asked = IndicatorBatch((indicator,), categories, max(options, 1))
    return Scope([asked], part["period"].unique().sort().to_list(), levels)
