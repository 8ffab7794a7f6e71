"""What is wrong with a transfer before it runs: frames in, findings with a remedy out."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Literal

import polars as pl

from pipeline.transform.numbers import DECIMAL_TYPES, INTEGER_TYPES

Severity = Literal["error", "warning", "note"]
SEVERITIES: tuple[Severity, ...] = ("error", "warning", "note")
_SHOWN = 10


@dataclass(frozen=True)
class Finding:
    """One thing to know before a run; `where` names ids and names, `remedy` what to do."""

    finding_id: str
    severity: Severity
    what: str
    where: str = ""
    remedy: str = ""

    def as_record(self) -> dict[str, str]:
        """Give the finding as JSON keeps it."""
        return asdict(self)


def worst(findings: Iterable[Finding]) -> Severity | None:
    """Name the worst severity among findings, None when there is none."""
    present = {finding.severity for finding in findings}
    return next((severity for severity in SEVERITIES if severity in present), None)


def mapping_findings(mapping: pl.DataFrame, asked: Mapping[str, frozenset[str]]) -> list[Finding]:
    """Compare the mapping with the indicators asked.

    `mapping`: program_indicator, category_options. `asked`: per indicator the joint option sets
    (`a+b`) it can give; only the empty text when it is plain.
    """
    mapped = set(mapping["program_indicator"])
    found = [
        _many(
            "unmapped-indicators",
            "warning",
            "program indicators are asked but not in the mapping; their rows become rejects",
            sorted(set(asked) - mapped),
            "add them to mappings/data_elements.csv, or do not ask them",
        ),
        _many(
            "indicators-not-asked",
            "error",
            "program indicators are in the mapping but not asked; their cells would look vanished",
            sorted(mapped - set(asked)),
            "name them, or their group, under [source]",
        ),
    ]
    unknown, missing = [], []
    for indicator, options in sorted(_options_of(mapping).items()):
        if indicator not in asked or options == {""}:
            continue
        unknown += [f"{indicator} {one}" for one in sorted(options - asked[indicator])]
        missing += [f"{indicator} {one}" for one in sorted(asked[indicator] - options)]
    found += [
        _many(
            "unknown-options",
            "error",
            "the mapping names category options that the indicator does not give",
            unknown,
            "take the options from the categories of the indicator's category combination",
        ),
        _many(
            "missing-options",
            "warning",
            "the indicator gives category options that the mapping does not name",
            missing,
            "add a row for each of them, or their rows become rejects",
        ),
    ]
    return [finding for finding in found if finding is not None]


def _options_of(mapping: pl.DataFrame) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for indicator, options in mapping.select("program_indicator", "category_options").rows():
        found.setdefault(indicator, set()).add(options)
    return found


def form_findings(placed: pl.DataFrame, elements: pl.DataFrame) -> list[Finding]:
    """Tell which mapped cells have no place in the target's forms, or one that takes no number.

    `placed`: data_element, category_option_combo, attribute_option_combo, data_set, form_hold,
    sentence. `elements`: id, value_type.
    """
    found: list[Finding | None] = []
    held = placed.filter(pl.col("form_hold").is_not_null())
    for (hold, sentence), part in held.group_by(["form_hold", "sentence"], maintain_order=True):
        cells = part.select(pl.concat_str("data_element", "category_option_combo", separator=" "))
        found.append(
            _many(
                str(hold).replace("_", "-"),
                "error",
                f"mapped cells cannot be written: {sentence}",
                sorted(cells.to_series().unique()),
                "see the sentence; until then these cells are held",
            )
        )
    numeric = [*INTEGER_TYPES, *DECIMAL_TYPES]
    mapped = placed.select(id="data_element").unique()
    strange = elements.join(mapped, on="id", how="semi").filter(
        ~pl.col("value_type").is_in(numeric)
    )
    found.append(
        _many(
            "no-numbers",
            "error",
            "mapped data elements take no numbers",
            sorted(strange.select(pl.concat_str("id", "value_type", separator=" ")).to_series()),
            "map the counts to data elements of a number type",
        )
    )
    return [finding for finding in found if finding is not None]


def period_findings(data_sets: pl.DataFrame, period_type: str) -> list[Finding]:
    """Tell which data sets are reported for another period type: id, name, period_type."""
    other = data_sets.filter(pl.col("period_type") != period_type)
    finding = _many(
        "period-type",
        "error",
        f"data sets are not reported by {period_type} periods",
        sorted(other.select(pl.concat_str("name", "period_type", separator=": ")).to_series()),
        "give them a transfer of their own, with that period type",
    )
    return [finding] if finding else []


def assignment_findings(selected: pl.DataFrame, assigned: pl.DataFrame) -> list[Finding]:
    """Tell which chosen org units no data set takes. Both: org_unit; `selected` also name."""
    outside = selected.join(assigned, on="org_unit", how="anti")
    if outside.is_empty():
        return []
    everything = outside.height == selected.height
    finding = _many(
        "not-assigned",
        "error" if everything else "warning",
        "org units of the selection are assigned to none of the target data sets",
        sorted(outside["name"].fill_null(outside["org_unit"])),
        "assign them to the data sets in Maintenance, or leave them out of [org_units]",
    )
    return [finding] if finding else []


def _many(
    finding_id: str, severity: Severity, what: str, which: list[str], remedy: str
) -> Finding | None:
    """Make one finding of many things; nothing of none."""
    if not which:
        return None
    shown = ", ".join(which[:_SHOWN]) + (", …" if len(which) > _SHOWN else "")
    return Finding(finding_id, severity, f"{len(which)} {what}", shown, remedy)
