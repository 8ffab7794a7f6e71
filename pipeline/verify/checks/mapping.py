"""Find whether the mapping has a row for everything that is asked, and for nothing else."""

from collections.abc import Iterator
from itertools import product

from pipeline.dhis2.source_metadata import read_combos
from pipeline.transform.rules.mapping import OPTIONS_JOINT
from pipeline.verify.checks.known import Known
from pipeline.verify.rules.findings import Finding, names_of
from pipeline.verify.rules.mapping import mapping_findings, org_unit_findings


def hole_findings(known: Known) -> Iterator[Finding]:
    """Compare the mapping tables with the indicators and with the org units of both servers."""
    if known.tables is None or known.metadata is None:
        return
    options = read_combos(known.source.client).options
    indicators = known.metadata.program_indicators.select("id", "categories").rows()
    asked = {
        indicator: frozenset(
            OPTIONS_JOINT.join(sorted(one)) for one in product(*(options[c] for c in categories))
        )
        for indicator, categories in indicators
    }
    yield from mapping_findings(
        known.tables.data_elements, asked, names_of(known.metadata.program_indicators)
    )
    if known.forms is not None and known.scope is not None:
        yield from org_unit_findings(
            known.moved,
            known.tables.org_units,
            known.metadata.org_units["id"],
            known.forms.org_units["id"],
        )
