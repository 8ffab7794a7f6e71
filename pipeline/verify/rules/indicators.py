"""What is said of plain indicators that a server cannot run, and how much each is asked for."""

from collections.abc import Iterator, Mapping, Sequence

import polars as pl

from pipeline.text.errors import ServerError
from pipeline.verify.rules.findings import Finding, labels, many, names_of

MOST_ROWS = 10_000  # that one indicator is asked for, so that a check stays short
_MEND = (
    "mend its expression, filter or aggregation type; if its program was changed since the last "
    "build, build the analytics tables anew"
)
_GUARD = (
    "guard the division in its expression, for example with d2:condition; one such indicator "
    "fails every question that it is part of"
)
_BUILD = (
    "build the analytics tables with the events of this program (Data Administration, "
    'Analytics tables), or set on_broken = "hold" under [source]'
)
_OTHERWISE = ("indicator-fails", _MEND)
# By DHIS2's code: a division by zero, a table that is not there.
_KNOWN = {
    "E7132": ("indicator-divides-by-zero", _GUARD),
    "E7144": ("program-without-table", _BUILD),
}


def periods_to_ask(periods: Sequence[str], org_units: int) -> list[str]:
    """The newest of the periods that fit into MOST_ROWS for so many org units, at least one."""
    many_periods = max(MOST_ROWS // max(org_units, 1), 1)
    newest = set(sorted(periods)[-many_periods:])
    return [period for period in periods if period in newest]


def failing_findings(
    failing: Mapping[str, ServerError], indicators: pl.DataFrame
) -> Iterator[Finding]:
    """One finding for each thing that the server says of indicators that it cannot run.

    `failing`: its letter, by indicator. `indicators`: id, name, program_name.
    """
    names = names_of(indicators)
    programs = dict(indicators.select("id", "program_name").rows())
    by_code: dict[str, list[str]] = {}
    for indicator, letter in failing.items():
        by_code.setdefault(letter.code, []).append(indicator)
    for code, ids in sorted(by_code.items()):
        told = next(letter.what for letter in failing.values() if letter.code == code)
        called = zip(labels(ids, names), [programs.get(one) for one in ids], strict=True)
        finding_id, remedy = _KNOWN.get(code, _OTHERWISE)
        yield from many(
            finding_id,
            "error",
            f"program indicators cannot be run; a run would not know their cells: {told}",
            [f"{label} of program {program}" if program else label for label, program in called],
            remedy,
        )
