"""Find whether the manual numbers that tracker is to be compared with can be read."""

from collections.abc import Iterator

from pipeline.cells.key import FORM_CELL
from pipeline.dhis2.target_metadata import read_compared
from pipeline.tables import read_manual_mapping
from pipeline.tables.manual_file import open_file, read_rows
from pipeline.tables.manual_links import links_with_file, links_with_form
from pipeline.verify.checks.context import VerifyContext
from pipeline.verify.rules.findings import Finding


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
        links_with_file(path, table, filled, context.forms)
        if rows.is_empty():
            yield Finding(
                "manual-file-empty",
                "warning",
                "the file of manual numbers has a header and no row",
                where=str(file),
                remedy="put this month's numbers into it",
            )
