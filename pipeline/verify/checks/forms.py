"""Find whether the target's forms take what is mapped, for these periods and org units."""

from collections.abc import Iterator

import polars as pl

from pipeline.cells.key import FORM_CELL
from pipeline.plan.rules.holds.form_cells import place_form_cells
from pipeline.plan.rules.holds.twins import with_twin_holds
from pipeline.plan.rules.reasons import SENTENCES
from pipeline.verify.checks.context import VerifyContext
from pipeline.verify.rules.findings import Finding
from pipeline.verify.rules.forms import (
    assignment_findings,
    cell_findings,
    decimal_findings,
    element_findings,
    period_findings,
    zero_findings,
)
from schemas.metadata import TargetMetadata


def check_forms(context: VerifyContext) -> Iterator[Finding]:
    """Compare periods, cells and org units with the target's data sets."""
    forms = context.forms
    if forms is None:
        return
    yield from period_findings(forms.data_sets, context.settings.periods.type)
    if context.scope is not None:
        yield from assignment_findings(
            context.target_org_units,
            forms.data_sets,
            forms.data_set_org_units,
            assigned_only=context.settings.org_units.assigned_only,
        )
    mapping = context.mapping
    if mapping is None:
        return
    yield from cell_findings(
        _placed(mapping, forms), forms.data_elements, forms.category_option_combos
    )
    yield from element_findings(mapping, forms.data_elements, forms.data_set_elements)
    if context.metadata is not None:
        yield from decimal_findings(
            mapping, context.metadata.program_indicators, forms.data_elements
        )
    if context.settings.policy.zeros == "store":
        yield from zero_findings(mapping, forms.data_elements)


def _placed(mapping: pl.DataFrame, forms: TargetMetadata) -> pl.DataFrame:
    cells = mapping.group_by(FORM_CELL, maintain_order=True).agg(pl.col("data_set").max())
    combos = forms.category_option_combos
    placed = with_twin_holds(
        place_form_cells(cells, forms.data_sets, forms.data_set_elements, combos), combos
    )
    return placed.with_columns(sentence=pl.col("form_hold").replace(SENTENCES))
