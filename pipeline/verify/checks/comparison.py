"""Find whether the manual numbers that tracker is to be compared with can be read."""

from collections.abc import Iterator

import polars as pl
from pandera.typing.polars import DataFrame

from pipeline.cells.key import FORM_CELL
from pipeline.compare.rules.links import Links
from pipeline.compare.rules.manual.rows import ManualScope, judge_rows
from pipeline.dhis2.target_metadata import read_compared
from pipeline.tables import read_manual_mapping
from pipeline.tables.manual_file import open_file, read_rows
from pipeline.tables.manual_links import links_with_file, links_with_form
from pipeline.verify.checks.context import VerifyContext
from pipeline.verify.rules.comparison import unclear_texts
from pipeline.verify.rules.findings import Finding
from schemas.comparison import ManualFindings, ManualRows
from schemas.frames import checked, empty


def check_comparison(context: VerifyContext) -> Iterator[Finding]:
    """Open the manual side as a report will; raises the letter that the report would have."""
    wanted = context.settings.compare
    if not wanted.is_wanted or context.mapping is None or context.forms is None:
        return
    filled = context.mapping.select(FORM_CELL).unique().sort(FORM_CELL)
    path, table = read_manual_mapping(
        context.deployment.mappings(context.name), by_id=bool(wanted.data_set)
    )
    if wanted.data_set:
        form = read_compared(context.target.client, wanted.data_set, context.settings.periods.type)
        links_with_form(
            path, table, filled, context.forms, elements=form.elements, data_set=form.id
        )
    else:
        file, content = open_file(context.deployment, context.name, wanted.file)
        rows = read_rows(content, file).rows
        links = links_with_file(path, table, filled, context.forms)
        if rows.is_empty():
            yield Finding(
                "manual-file-empty",
                "warning",
                "the file of manual numbers has a header and no row",
                where=str(file),
                remedy="put this month's numbers into it",
            )
        yield from unclear_texts(_judged(context, checked(rows, ManualRows), links, file.name))


def _judged(
    context: VerifyContext, rows: DataFrame[ManualRows], links: Links, name: str
) -> pl.DataFrame:
    """The findings that a report would have about the rows, but for their option combos."""
    if context.scope is None or context.forms is None:
        return empty(ManualFindings)
    elements = context.forms.data_elements
    scope = ManualScope(
        context.settings.periods.type,
        context.scope.periods,
        context.target_org_units["id"].drop_nulls().to_list(),
        context.forms.org_units,
        elements.select(data_element="id", value_type="value_type"),
    )
    return judge_rows(rows, links, scope, name).findings
