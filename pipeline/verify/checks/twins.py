"""Find whether anything is there twice: option combos, options, sites, counts."""

from collections.abc import Iterator

from pipeline.dhis2.source_metadata import Combos, read_combos
from pipeline.verify.checks.context import VerifyContext
from pipeline.verify.rules.findings import Finding
from pipeline.verify.rules.twins import (
    combo_findings,
    level_findings,
    option_findings,
    sibling_findings,
    source_findings,
)


def check_twins(context: VerifyContext) -> Iterator[Finding]:
    """Compare the objects of each server among themselves, and the sites of both servers."""
    if context.metadata is not None:
        combos = read_combos(context.source.client)
        indicators = context.metadata.program_indicators["categories"]
        yield from option_findings(
            "source", {*indicators.explode().drop_nulls()}, combos.options, combos.option_names
        )
        if len(combos.defaults) > 1:
            yield from combo_findings("source", combos.option_combos, ())
    if context.forms is not None:
        used = context.forms.data_set_elements["category_combo"].to_list()
        used += context.forms.data_sets["category_combo"].to_list()
        yield from combo_findings("target", context.forms.category_option_combos, used)
        yield from _target_options(read_combos(context.target.client), used)
    if context.metadata is not None and context.forms is not None:
        yield from _sites(context)


def _target_options(combos: Combos, used: list[str]) -> Iterator[Finding]:
    categories = {one for combo in used for one in combos.categories.get(combo, ())}
    yield from option_findings("target", categories, combos.options, combos.option_names)


def _sites(context: VerifyContext) -> Iterator[Finding]:
    assert context.metadata and context.forms  # noqa: S101, PT018  # the caller asked
    source, target = context.metadata.org_units, context.forms.org_units
    placed = context.placed_org_units
    yield from level_findings("source", source, placed["org_unit"])
    yield from level_findings("target", target, placed["target_org_unit"])
    yield from sibling_findings("source", source, placed["org_unit"])
    yield from sibling_findings("target", target, placed["target_org_unit"])
    if context.tables is not None:
        yield from source_findings(
            placed,
            context.tables.org_units["source_org_unit"],
            source,
            target,
            context.forms.data_set_org_units,
        )
