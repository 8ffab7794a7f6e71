"""Find whether the mapping has a row for everything that is asked, and for nothing else."""

from collections.abc import Iterator
from itertools import product

from pipeline.dhis2.source_metadata import read_combos
from pipeline.transform.rules.mapping import OPTIONS_JOINT
from pipeline.verify.checks.context import VerifyContext
from pipeline.verify.rules.findings import Finding, names_of
from pipeline.verify.rules.mapping import mapping_findings, merging_findings, org_unit_findings


def check_mapping(context: VerifyContext) -> Iterator[Finding]:
    """Compare the mapping tables with the indicators and with the org units of both servers."""
    if context.tables is None or context.metadata is None:
        return
    options = read_combos(context.source.client).options
    indicators = context.metadata.program_indicators.select("id", "categories").rows()
    asked = {
        indicator: frozenset(
            OPTIONS_JOINT.join(sorted(one)) for one in product(*(options[c] for c in categories))
        )
        for indicator, categories in indicators
    }
    yield from mapping_findings(
        context.tables.data_elements, asked, names_of(context.metadata.program_indicators)
    )
    yield from merging_findings(context.placed_org_units, context.tables.org_units)
    if context.forms is not None and context.scope is not None:
        yield from org_unit_findings(
            context.target_org_units,
            context.tables.org_units,
            context.metadata.org_units["id"],
            context.forms.org_units["id"],
        )
